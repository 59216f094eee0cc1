using Weft.Packets.Text;

namespace Weft.Events;

/// <content>The captured bytes: digits only, or with <c>-v</c> as <c>hexdump -C</c> lays them out.</content>
public sealed partial class EventTextFormatter
{
    private const int BytesPerLine = 16;

    private void WriteHex(in EventRecord record, Utf8Output text)
    {
        ReadOnlySpan<byte> packet = record.Packet;
        if (verbosity == EventVerbosity.Info)
        {
            text.Write("  "u8);
            text.WriteHex(packet);
            text.Write("\n"u8);
        }
        else
        {
            for (int at = 0; at < packet.Length; at += BytesPerLine)
            {
                WriteHexLine(at, packet[at..Math.Min(at + BytesPerLine, packet.Length)], text);
            }
        }

        if (record.LengthOnWire > packet.Length)
        {
            text.Write($"  [cut: {packet.Length} of {record.LengthOnWire} bytes captured]\n");
        }
    }

    private static void WriteHexLine(int offset, ReadOnlySpan<byte> bytes, Utf8Output text)
    {
        text.Write($"{offset:x8} ");
        for (int index = 0; index < BytesPerLine; index++)
        {
            text.Write(index % 8 == 0 ? " "u8 : default);
            if (index < bytes.Length)
            {
                text.Write($"{bytes[index]:x2} ");
            }
            else
            {
                text.Write("   "u8);
            }
        }

        text.Write(" |"u8);
        foreach (byte value in bytes)
        {
            byte shown = value is >= 0x20 and < 0x7f ? value : (byte)'.';
            text.Write(new ReadOnlySpan<byte>(in shown));
        }

        text.Write("|\n"u8);
    }
}
