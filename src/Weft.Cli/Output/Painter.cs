using System.Buffers;

namespace Weft.Cli.Output;

/// <summary>Writes lines in the colours of a terminal, or plain.</summary>
internal sealed class Painter(bool isOn)
{
    public void Write(ReadOnlySpan<byte> lines, Paint paint, ReadOnlySpan<byte> prefix, IBufferWriter<byte> output)
    {
        while (!lines.IsEmpty)
        {
            int end = lines.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? lines : lines[..end];
            output.Write(prefix);
            ReadOnlySpan<byte> begin = isOn ? Begin(paint) : default;
            output.Write(begin);
            output.Write(line);
            output.Write(begin.IsEmpty ? default : "\e[0m"u8);
            output.Write("\n"u8);
            lines = end < 0 ? default : lines[(end + 1)..];
        }
    }

    private static ReadOnlySpan<byte> Begin(Paint paint) => paint switch
    {
        Paint.Bad => "\e[31m"u8,
        Paint.Good => "\e[32m"u8,
        Paint.Warning => "\e[33m"u8,
        Paint.Notable => "\e[36m"u8,
        Paint.Faint => "\e[2m"u8,
        _ => default,
    };
}
