namespace Weft.Packets.Text;

public static partial class LayerText
{
    private static void WriteIPv4(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = IPv4Header.TryParse(data, out IPv4Header header);
        WriteContents(header.Header, header.Payload, output);
        output.Write($" Version=4 IHL={header.Header.Length / 4} TOS={header.TypeOfService} Length={header.TotalLength} Id={header.Id} Flags=");
        WriteFragmentFlags(header, output);
        output.Write($" FragOffset={header.FragmentOffset} TTL={header.TimeToLive} Protocol={PacketNames.Of(header.Protocol)}");
        output.Write($" Checksum={header.Checksum} SrcIP={header.Source} DstIP={header.Destination} Options=[");
        if (!header.Options.IsEmpty)
        {
            output.Write("IPv4Options(0x"u8);
            output.WriteHex(header.Options);
            output.Write(")"u8);
        }

        output.Write("] Padding=[]"u8);
    }

    private static void WriteFragmentFlags(in IPv4Header header, Utf8Output output)
    {
        ReadOnlySpan<byte> separator = default;
        if (header.Evil)
        {
            output.Write("Evil"u8);
            separator = "|"u8;
        }

        if (header.DontFragment)
        {
            output.Write($"{separator}DF");
            separator = "|"u8;
        }

        if (header.MoreFragments)
        {
            output.Write($"{separator}MF");
        }
    }

    private static void WriteIPv6(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = IPv6Header.TryParse(data, out IPv6Header header);
        WriteContents(header.Header, header.Payload, output);
        output.Write($" Version=6 TrafficClass={header.TrafficClass} FlowLabel={header.FlowLabel} Length={header.PayloadLength}");
        output.Write($" NextHeader={PacketNames.Of(header.NextHeader)} HopLimit={header.HopLimit}");
        output.Write($" SrcIP={header.Source} DstIP={header.Destination}");
    }

    private static void WriteIPv6Extension(in LayerReader layers, Utf8Output output)
    {
        _ = IPv6ExtensionHeader.TryParse(layers.Extension, layers.Data, out IPv6ExtensionHeader header);
        WriteContents(header.Header, header.Payload, output);
        output.Write($" NextHeader={PacketNames.Of(header.NextHeader)}");
        if (header.Kind == IPProtocol.Fragment)
        {
            output.Write($" FragmentOffset={header.FragmentOffset} MoreFragments={header.MoreFragments} Identification={header.FragmentId}");
        }
        else if (header.Kind == IPProtocol.AuthenticationHeader)
        {
            output.Write($" SPI=0x{header.Spi:x8} Seq={header.Sequence}");
        }
    }

    private static void WriteIcmp(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = IcmpHeader.TryParse(data, out IcmpHeader header);
        WriteContents(header.Header, header.Payload, output);
        output.Write(" TypeCode="u8);
        PacketNames.WriteTypeCode(output, header.Type, header.Code);
        output.Write($" Checksum={header.Checksum} Id={header.Id} Seq={header.Sequence}");
    }

    private static void WriteIcmpv6(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = Icmpv6Header.TryParse(data, out Icmpv6Header header);
        WriteContents(header.Header, header.Payload, output);
        output.Write(" TypeCode="u8);
        PacketNames.WriteTypeCode(output, header.Type, header.Code);
        output.Write($" Checksum={header.Checksum}");
        if (header.TryGetEcho(out ushort id, out ushort sequence))
        {
            output.Write($" Id={id} Seq={sequence}");
        }
        else if (header.TryGetNeighborTarget(out IPv6Address target))
        {
            output.Write($" TargetAddress={target}");
        }
        else if (header.TryGetMulticastGroup(out IPv6Address group))
        {
            output.Write($" MulticastAddress={group}");
        }
        else if (header.MulticastRecords is > 0 and int records)
        {
            output.Write($" NumberOfMulticastAddressRecords={records}");
        }
    }

    private static void WriteIgmp(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = IgmpMessage.TryParse(data, out IgmpMessage message);
        WriteContents(message.Header, message.Payload, output);
        output.Write($" Type={PacketNames.Name(message.Type) ?? "Unknown"}(0x{(byte)message.Type:x2}) MaxResponseTime={message.MaxResponseTime} Checksum={message.Checksum}");
        if (message.Type != IgmpType.ReportV3)
        {
            output.Write($" GroupAddress={message.Group}");
            return;
        }

        output.Write($" NumberOfGroupRecords={message.RecordCount}");
        if (message.TryGetFirstRecord(out byte kind, out IPv4Address group))
        {
            output.Write($" FirstRecordType={kind} FirstGroupAddress={group}");
        }
    }

    private static void WriteEsp(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = EspHeader.TryParse(data, out EspHeader header);
        WriteContents(header.Header, header.Payload, output);
        output.Write($" SPI=0x{header.Spi:x8} Seq={header.Sequence}");
    }
}
