using System.Buffers.Binary;

namespace Weft.Packets.Text;

/// <summary>What a summary says of one run of headers: the last network and transport header seen.</summary>
internal ref struct FlowView
{
    /// <summary>Code of "destination unreachable" (RFC 792).</summary>
    private const byte FragmentationNeeded = 4;

    private LayerKind _network;
    private ReadOnlySpan<byte> _networkBytes;
    private LayerKind _transport;
    private ReadOnlySpan<byte> _transportBytes;
    private ReadOnlySpan<byte> _ethernet;
    private ReadOnlySpan<byte> _ports;
    private ReadOnlySpan<byte> _fragment;
    private LayerKind _application;
    private ReadOnlySpan<byte> _applicationBytes;
    private bool _isTruncated;
    private ushort _type;

    /// <summary>A network header was seen: another one behind it is of a packet in this packet.</summary>
    public readonly bool HasNetwork => _network != LayerKind.None;

    public readonly bool IsIPv6 => _network == LayerKind.IPv6;

    public readonly bool IsEmpty => _network == LayerKind.None && _ethernet.IsEmpty;

    public void Add(in LayerReader layers)
    {
        switch (layers.Kind)
        {
            case LayerKind.Ethernet:
                _ethernet = layers.Data;
                break;
            case LayerKind.Arp or LayerKind.IPv4 or LayerKind.IPv6:
                _network = layers.Kind;
                _networkBytes = layers.Data;
                break;
            case LayerKind.IPv6Extension when layers.Extension == IPProtocol.Fragment:
                _fragment = layers.Data;
                break;
            case LayerKind.Tcp or LayerKind.Udp or LayerKind.Sctp:
                _transport = layers.Kind;
                _transportBytes = layers.Data;
                _ports = layers.Data[..4];
                return;
            case LayerKind.Icmpv4 or LayerKind.Icmpv6:
                _transport = layers.Kind;
                _transportBytes = layers.Data;
                return;
            case LayerKind.Igmp or LayerKind.Esp:
                _transport = layers.Kind;
                _transportBytes = layers.Data;
                return;
            case >= LayerKind.Dns:
                _application = layers.Kind;
                _applicationBytes = layers.Data;
                _isTruncated = layers.IsTruncated || layers.IsQuoted;
                return;
        }

        _type = layers.NextType;
    }

    /// <summary>Takes the ports of a transport header that is cut short, as in most ICMP errors.</summary>
    public void AddCutTransport(in LayerReader layers)
    {
        bool hasPorts = (IPProtocol)_type is IPProtocol.Tcp or IPProtocol.Udp or IPProtocol.Sctp;
        if (IsIP && hasPorts && _transport == LayerKind.None && layers.End == LayerEnd.Unreadable && layers.Data.Length >= 4)
        {
            _ports = layers.Data[..4];
        }
    }

    public readonly void Write(Utf8Output output)
    {
        if (_network == LayerKind.Arp)
        {
            WriteArp(output);
        }
        else if (IsIP)
        {
            WriteEnds(output);
            output.Write(" "u8);
            WriteProtocol(output);
        }
        else if (EthernetHeader.TryParse(_ethernet, out EthernetHeader ethernet))
        {
            output.Write($"{ethernet.Source} -> {ethernet.Destination} {PacketNames.Of((EtherType)_type)} (0x{_type:x4})");
        }
        else
        {
            output.Write("unreadable packet"u8);
        }
    }

    /// <summary>Both addresses, with ports where there are some.</summary>
    public readonly void WriteEnds(Utf8Output output)
    {
        WriteEnd(output, destination: false);
        output.Write(" -> "u8);
        WriteEnd(output, destination: true);
    }

    private readonly bool IsIP => _network is LayerKind.IPv4 or LayerKind.IPv6;

    private readonly void WriteEnd(Utf8Output output, bool destination)
    {
        ReadOnlySpan<byte> port = _ports.IsEmpty ? default : _ports.Slice(destination ? 2 : 0, 2);
        if (IPv4Header.TryParse(_networkBytes, out IPv4Header ipv4))
        {
            output.Write($"{(destination ? ipv4.Destination : ipv4.Source)}");
        }
        else if (IPv6Header.TryParse(_networkBytes, out IPv6Header ipv6))
        {
            IPv6Address address = destination ? ipv6.Destination : ipv6.Source;
            if (port.IsEmpty)
            {
                output.Write($"{address}");
            }
            else
            {
                output.Write($"[{address}]");
            }
        }

        if (!port.IsEmpty)
        {
            output.Write($":{BinaryPrimitives.ReadUInt16BigEndian(port)}");
        }
    }

    private readonly void WriteProtocol(Utf8Output output)
    {
        switch (_transport)
        {
            case LayerKind.Tcp when TcpHeader.TryParse(_transportBytes, out TcpHeader tcp):
                output.Write("tcp"u8);
                WriteFlags(output, tcp.Flags);
                break;
            case LayerKind.Icmpv4 when IcmpHeader.TryParse(_transportBytes, out IcmpHeader icmp):
                output.Write("icmp "u8);
                PacketNames.WriteTypeCode(output, icmp.Type, icmp.Code);
                if (icmp is { Type: IcmpType.DestinationUnreachable, Code: FragmentationNeeded })
                {
                    output.Write($" mtu {icmp.Sequence}");
                }

                break;
            case LayerKind.Icmpv6 when Icmpv6Header.TryParse(_transportBytes, out Icmpv6Header icmpv6):
                output.Write("icmpv6 "u8);
                PacketNames.WriteTypeCode(output, icmpv6.Type, icmpv6.Code);
                if (icmpv6.TryGetMulticastGroup(out IPv6Address group))
                {
                    output.Write($" group {group}");
                }

                break;
            case LayerKind.Igmp when IgmpMessage.TryParse(_transportBytes, out IgmpMessage igmp):
                WriteIgmp(igmp, output);
                break;
            case LayerKind.Esp when EspHeader.TryParse(_transportBytes, out EspHeader esp):
                output.Write($"esp spi 0x{esp.Spi:x8} seq {esp.Sequence}");
                break;
            default:
                WriteProtocolName(output, (IPProtocol)_type);
                break;
        }

        WriteFragment(output);
        if (_application != LayerKind.None)
        {
            output.Write(" "u8);
            ApplicationText.Write(_application, _applicationBytes, _isTruncated, output);
        }
    }

    private static void WriteIgmp(in IgmpMessage igmp, Utf8Output output)
    {
        output.Write($"igmp {PacketNames.Name(igmp.Type) ?? "Unknown"}");
        if (igmp.TryGetFirstRecord(out _, out IPv4Address record))
        {
            output.Write($" group {record}");
            output.Write(igmp.RecordCount > 1 ? ", …"u8 : default);
        }
        else if (igmp.Type != IgmpType.ReportV3 && igmp.Group.Value != 0)
        {
            output.Write($" group {igmp.Group}");
        }
    }

    private readonly void WriteFragment(Utf8Output output)
    {
        if (IPv4Header.TryParse(_networkBytes, out IPv4Header ip) && ip.IsFragment)
        {
            output.Write($" fragment id {ip.Id} offset {ip.FragmentOffset * 8}");
        }
        else if (IPv6ExtensionHeader.TryParse(IPProtocol.Fragment, _fragment, out IPv6ExtensionHeader fragment))
        {
            output.Write($" fragment id {fragment.FragmentId} offset {fragment.FragmentOffset * 8}");
        }
    }

    private static void WriteProtocolName(Utf8Output output, IPProtocol protocol)
    {
        switch (protocol)
        {
            case IPProtocol.Tcp:
                output.Write("tcp"u8);
                break;
            case IPProtocol.Udp:
                output.Write("udp"u8);
                break;
            case IPProtocol.Sctp:
                output.Write("sctp"u8);
                break;
            case IPProtocol.Icmpv4:
                output.Write("icmp"u8);
                break;
            case IPProtocol.Icmpv6:
                output.Write("icmpv6"u8);
                break;
            default:
                output.Write($"{PacketNames.Of(protocol)} (protocol {(byte)protocol})");
                break;
        }
    }

    /// <summary>The flags that open and close a connection, in the order of cilium's lines; PSH and URG say nothing about a flow.</summary>
    private static void WriteFlags(Utf8Output output, TcpFlags flags)
    {
        ReadOnlySpan<byte> separator = " "u8;
        separator = WriteFlag(output, flags, TcpFlags.Syn, "SYN"u8, separator);
        separator = WriteFlag(output, flags, TcpFlags.Ack, "ACK"u8, separator);
        separator = WriteFlag(output, flags, TcpFlags.Rst, "RST"u8, separator);
        WriteFlag(output, flags, TcpFlags.Fin, "FIN"u8, separator);
    }

    private static ReadOnlySpan<byte> WriteFlag(
        Utf8Output output, TcpFlags flags, TcpFlags flag, ReadOnlySpan<byte> name, ReadOnlySpan<byte> separator)
    {
        if ((flags & flag) == 0)
        {
            return separator;
        }

        output.Write(separator);
        output.Write(name);
        return ", "u8;
    }

    private readonly void WriteArp(Utf8Output output)
    {
        if (!ArpPacket.TryParse(_networkBytes, out ArpPacket arp))
        {
            return;
        }

        if (arp.Operation == ArpPacket.Reply)
        {
            output.Write($"arp reply {arp.SenderAddress} is-at {arp.SenderMac}");
        }
        else if (arp.Operation == ArpPacket.Request)
        {
            output.Write($"arp who-has {arp.TargetAddress} tell {arp.SenderAddress}");
        }
        else
        {
            output.Write($"arp operation {arp.Operation}");
        }
    }
}
