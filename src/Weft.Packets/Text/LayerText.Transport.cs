using System.Buffers.Binary;

namespace Weft.Packets.Text;

public static partial class LayerText
{
    private static void WriteTcp(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = TcpHeader.TryParse(data, out TcpHeader header);
        WriteContents(header.Header, header.Payload, output);
        WritePort("SrcPort"u8, header.SourcePort, output);
        WritePort("DstPort"u8, header.DestinationPort, output);
        output.Write($" Seq={header.Sequence} Ack={header.Acknowledgment} DataOffset={header.DataOffset}");
        WriteTcpFlags(header.Flags, output);
        output.Write($" Window={header.Window} Checksum={header.Checksum} Urgent={header.UrgentPointer} Options=[");
        ReadOnlySpan<byte> separator = default;
        for (TcpOptionReader options = header.Options; options.Next(); separator = ", "u8)
        {
            output.Write(separator);
            WriteTcpOption(options, output);
        }

        output.Write("] Padding=[]"u8);
    }

    private static void WriteTcpFlags(TcpFlags flags, Utf8Output output)
    {
        output.Write($" FIN={Has(flags, TcpFlags.Fin)} SYN={Has(flags, TcpFlags.Syn)} RST={Has(flags, TcpFlags.Rst)}");
        output.Write($" PSH={Has(flags, TcpFlags.Psh)} ACK={Has(flags, TcpFlags.Ack)} URG={Has(flags, TcpFlags.Urg)}");
        output.Write($" ECE={Has(flags, TcpFlags.Ece)} CWR={Has(flags, TcpFlags.Cwr)} NS={Has(flags, TcpFlags.Ns)}");
    }

    private static bool Has(TcpFlags flags, TcpFlags flag) => (flags & flag) != 0;

    private static void WriteTcpOption(in TcpOptionReader option, Utf8Output output)
    {
        ReadOnlySpan<byte> data = option.Data;
        output.Write($"TCPOption({PacketNames.Of(option.Kind)}:");
        switch (option.Kind)
        {
            case TcpOptionKind.MaximumSegmentSize when data.Length >= 2:
                output.Write($"{BinaryPrimitives.ReadUInt16BigEndian(data)}");
                break;
            case TcpOptionKind.Timestamps when data.Length == 8:
                output.Write($"{BinaryPrimitives.ReadUInt32BigEndian(data)}/{BinaryPrimitives.ReadUInt32BigEndian(data[4..])}");
                break;
        }

        if (!data.IsEmpty)
        {
            output.Write(" 0x"u8);
            output.WriteHex(data);
        }

        output.Write(")"u8);
    }

    private static void WriteUdp(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = UdpHeader.TryParse(data, out UdpHeader header);
        WriteContents(header.Header, header.Payload, output);
        WritePort("SrcPort"u8, header.SourcePort, output);
        WritePort("DstPort"u8, header.DestinationPort, output);
        output.Write($" Length={header.Length} Checksum={header.Checksum}");
    }

    private static void WriteSctp(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = SctpHeader.TryParse(data, out SctpHeader header);
        WriteContents(header.Header, header.Payload, output);
        WritePort("SrcPort"u8, header.SourcePort, output);
        WritePort("DstPort"u8, header.DestinationPort, output);
        output.Write($" VerificationTag={header.VerificationTag} Checksum={header.Checksum}");
    }
}
