namespace Weft.Packets.Text;

/// <summary>One header a line, in the form of gopacket's LayerString, which users of <c>cilium monitor -vv</c> know.</summary>
/// <remarks>
/// <code>IPv4	{Contents=[..20..] Payload=[..64..] Version=4 IHL=5 TOS=0 Length=84 …}</code>
/// Contents and Payload are lengths, or the bytes themselves up to four. Values that gopacket prints as raw bytes
/// (addresses in ARP) are printed as what they are.
/// </remarks>
public static partial class LayerText
{
    /// <summary>Name of a header as in its line: <c>Ethernet</c>, <c>IPv4</c>, <c>VXLAN</c>.</summary>
    public static string NameOf(in LayerReader layers) => layers.Kind switch
    {
        LayerKind.Ethernet => "Ethernet",
        LayerKind.Vlan => "Dot1Q",
        LayerKind.Arp => "ARP",
        LayerKind.IPv4 => "IPv4",
        LayerKind.IPv6 => "IPv6",
        LayerKind.IPv6Extension => PacketNames.Of(layers.Extension),
        LayerKind.Icmpv4 => "ICMPv4",
        LayerKind.Icmpv6 => "ICMPv6",
        LayerKind.Tcp => "TCP",
        LayerKind.Udp => "UDP",
        LayerKind.Sctp => "SCTP",
        LayerKind.Vxlan => "VXLAN",
        LayerKind.Geneve => "Geneve",
        LayerKind.Gre => "GRE",
        LayerKind.Igmp => "IGMP",
        LayerKind.Esp => "ESP",
        LayerKind.Dns => "DNS",
        LayerKind.Dhcpv4 => "DHCPv4",
        LayerKind.Dhcpv6 => "DHCPv6",
        LayerKind.Ntp => "NTP",
        LayerKind.Http => "HTTP",
        LayerKind.Tls => "TLS",
        LayerKind.Quic => "QUIC",
        _ => "None",
    };

    /// <summary>Writes every header of a packet, each with an end of line, and why the last was the last if that is worth a line.</summary>
    public static void WriteAll(LayerReader layers, Utf8Output output)
    {
        bool quoted = false;
        while (layers.Next())
        {
            if (layers.IsQuoted && !quoted)
            {
                quoted = true;
                output.Write("  Quoted packet:\n"u8);
            }

            Write(layers, output);
            output.Write("\n"u8);
        }

        if (layers.IsTruncated)
        {
            output.Write("  Packet has been truncated\n"u8);
        }

        WriteEnd(layers, output);
    }

    /// <summary>Writes the header that the reader stands at, without an end of line.</summary>
    public static void Write(in LayerReader layers, Utf8Output output)
    {
        output.Write($"{NameOf(layers)}\t{{");
        switch (layers.Kind)
        {
            case LayerKind.Ethernet:
                WriteEthernet(layers.Data, output);
                break;
            case LayerKind.Vlan:
                WriteVlan(layers.Data, output);
                break;
            case LayerKind.Arp:
                WriteArp(layers.Data, output);
                break;
            case LayerKind.IPv4:
                WriteIPv4(layers.Data, output);
                break;
            case LayerKind.IPv6:
                WriteIPv6(layers.Data, output);
                break;
            case LayerKind.IPv6Extension:
                WriteIPv6Extension(layers, output);
                break;
            case LayerKind.Icmpv4:
                WriteIcmp(layers.Data, output);
                break;
            case LayerKind.Icmpv6:
                WriteIcmpv6(layers.Data, output);
                break;
            case LayerKind.Tcp:
                WriteTcp(layers.Data, output);
                break;
            case LayerKind.Udp:
                WriteUdp(layers.Data, output);
                break;
            case LayerKind.Sctp:
                WriteSctp(layers.Data, output);
                break;
            case LayerKind.Vxlan:
                WriteVxlan(layers.Data, output);
                break;
            case LayerKind.Geneve:
                WriteGeneve(layers.Data, output);
                break;
            case LayerKind.Gre:
                WriteGre(layers.Data, output);
                break;
            case LayerKind.Igmp:
                WriteIgmp(layers.Data, output);
                break;
            case LayerKind.Esp:
                WriteEsp(layers.Data, output);
                break;
            case LayerKind.Dns:
                WriteDns(layers.Data, output);
                break;
            case LayerKind.Dhcpv4:
                WriteDhcpv4(layers.Data, output);
                break;
            case LayerKind.Dhcpv6:
                WriteDhcpv6(layers.Data, output);
                break;
            case LayerKind.Ntp:
                WriteNtp(layers.Data, output);
                break;
            case LayerKind.Http:
                WriteHttp(layers.Data, output);
                break;
            case LayerKind.Tls:
                WriteTls(layers.Data, output);
                break;
            case LayerKind.Quic:
                WriteQuic(layers.Data, output);
                break;
        }

        output.Write("}"u8);
    }

    private static void WriteEnd(in LayerReader layers, Utf8Output output)
    {
        if (layers.End == LayerEnd.UnknownType)
        {
            output.Write($"  Failed to decode layer: No decoder for type {layers.NextType} (0x{layers.NextType:x})\n");
        }
        else if (layers.End == LayerEnd.Unreadable && !layers.IsQuoted)
        {
            output.Write("  Failed to decode layer: the header that should follow is cut short or contradicts itself\n"u8);
        }
    }

    private static void WriteContents(ReadOnlySpan<byte> contents, ReadOnlySpan<byte> payload, Utf8Output output)
    {
        output.Write("Contents="u8);
        WriteBytes(contents, output);
        output.Write(" Payload="u8);
        WriteBytes(payload, output);
    }

    /// <summary><c>[..20..]</c>, or up to four bytes in full: <c>[133, 0]</c>.</summary>
    private static void WriteBytes(ReadOnlySpan<byte> bytes, Utf8Output output)
    {
        if (bytes.Length > 4)
        {
            output.Write($"[..{bytes.Length}..]");
            return;
        }

        output.Write("["u8);
        for (int i = 0; i < bytes.Length; i++)
        {
            output.Write(i == 0 ? default : ", "u8);
            output.Write(bytes[i], default);
        }

        output.Write("]"u8);
    }

    private static void WritePort(ReadOnlySpan<byte> name, ushort port, Utf8Output output)
    {
        output.Write($" {name}={port}");
        if (PacketNames.OfPort(port) is string known)
        {
            output.Write($"({known})");
        }
    }
}
