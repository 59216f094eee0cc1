using System.Runtime.CompilerServices;

namespace Weft.Packets.Text;

/// <summary>What the compiler turns an interpolated string given to <see cref="Utf8Output"/> into.</summary>
[InterpolatedStringHandler]
public readonly ref struct Utf8Interpolation
{
    private readonly Utf8Output _output;

#pragma warning disable IDE0060 // The compiler passes both lengths; they are of no use to a growing buffer.
    public Utf8Interpolation(int literalLength, int formattedCount, Utf8Output output)
    {
        _output = output;
    }
#pragma warning restore IDE0060

    public void AppendLiteral(string value) => _output.Write(value);

    public void AppendFormatted(string value) => _output.Write(value);

    public void AppendFormatted(ReadOnlySpan<byte> utf8) => _output.Write(utf8);

    public void AppendFormatted(bool value) => _output.Write(value ? "true"u8 : "false"u8);

    public void AppendFormatted<T>(T value)
        where T : IUtf8SpanFormattable => _output.Write(value, default);

    public void AppendFormatted<T>(T value, string format)
        where T : IUtf8SpanFormattable => _output.Write(value, format);
}
