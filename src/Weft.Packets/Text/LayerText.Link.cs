namespace Weft.Packets.Text;

public static partial class LayerText
{
    private static void WriteEthernet(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = EthernetHeader.TryParse(data, out EthernetHeader header);
        bool isLength = (ushort)header.EtherType < 0x600;
        WriteContents(header.Header, header.Payload, output);
        output.Write($" SrcMAC={header.Source} DstMAC={header.Destination} EthernetType={PacketNames.Of(header.EtherType)}");
        output.Write($" Length={(isLength ? (ushort)header.EtherType : (ushort)0)}");
    }

    private static void WriteVlan(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = VlanHeader.TryParse(data, out VlanHeader header);
        WriteContents(header.Header, header.Payload, output);
        output.Write($" Priority={header.Priority} DropEligible={header.DropEligible} VLANIdentifier={header.Id}");
        output.Write($" Type={PacketNames.Of(header.EtherType)}");
    }

    private static void WriteArp(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = ArpPacket.TryParse(data, out ArpPacket arp);
        WriteContents(arp.Header, arp.Payload, output);
        output.Write(" AddrType=Ethernet Protocol=IPv4 HwAddressSize=6 ProtAddressSize=4"u8);
        output.Write($" Operation={arp.Operation} SourceHwAddress={arp.SenderMac} SourceProtAddress={arp.SenderAddress}");
        output.Write($" DstHwAddress={arp.TargetMac} DstProtAddress={arp.TargetAddress}");
    }

    private static void WriteVxlan(ReadOnlySpan<byte> data, Utf8Output output)
    {
        const byte gbpApplied = 0x08;
        const byte gbpDontLearn = 0x40;
        _ = VxlanHeader.TryParse(data, out VxlanHeader header);
        WriteContents(header.Header, header.Payload, output);
        bool gbp = (header.Flags & 0x80) != 0;
        int group = gbp ? header.Header[2] << 8 | header.Header[3] : 0;
        output.Write($" ValidIDFlag=true VNI={header.Vni} GBPExtension={gbp}");
        output.Write($" GBPDontLearn={gbp && (header.Header[1] & gbpDontLearn) != 0}");
        output.Write($" GBPApplied={gbp && (header.Header[1] & gbpApplied) != 0} GBPGroupPolicyID={group}");
    }

    private static void WriteGeneve(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = GeneveHeader.TryParse(data, out GeneveHeader header);
        WriteContents(header.Header, header.Payload, output);
        output.Write($" Version=0 OptionsLength={header.OptionsLength} OAMPacket={header.IsControl} CriticalOption={header.HasCriticalOptions}");
        output.Write($" Protocol=0x{header.Protocol:x4} VNI={header.Vni}");
    }

    private static void WriteGre(ReadOnlySpan<byte> data, Utf8Output output)
    {
        _ = GreHeader.TryParse(data, out GreHeader header);
        WriteContents(header.Header, header.Payload, output);
        output.Write($" Flags=0x{header.Flags:x4} Protocol=0x{header.Protocol:x4} KeyPresent={header.HasKey} Key={header.Key}");
        output.Write($" SeqPresent={header.HasSequence} Seq={header.Sequence}");
    }
}
