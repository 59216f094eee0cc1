using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Weft.Packets.Text;

/// <summary>Writes UTF-8 text into a buffer without allocating: <c>output.Write($"{source} -> {destination} udp")</c>.</summary>
/// <remarks>Holds no state of its own, so copies write to the same place.</remarks>
public readonly struct Utf8Output(IBufferWriter<byte> buffer)
{
    public void Write(ReadOnlySpan<byte> utf8) => buffer.Write(utf8);

    public void Write(string text) => Encoding.UTF8.GetBytes(text, buffer);

    /// <summary>The interpolation has written its parts by the time this is called.</summary>
#pragma warning disable CA1822, IDE0060 // The compiler passes this writer to the handler's constructor.
    public void Write([InterpolatedStringHandlerArgument("")] Utf8Interpolation text)
    {
    }
#pragma warning restore CA1822, IDE0060

    public void Write<T>(T value, ReadOnlySpan<char> format)
        where T : IUtf8SpanFormattable
    {
        Span<byte> span = buffer.GetSpan();
        int written;
        while (!value.TryFormat(span, out written, format, CultureInfo.InvariantCulture))
        {
            span = buffer.GetSpan(span.Length * 2 + 16);
        }

        buffer.Advance(written);
    }

    /// <summary>Two digits a byte, no separators.</summary>
    public void WriteHex(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            Write(value, "x2");
        }
    }
}
