namespace Weft.Packets;

/// <summary>Walks the headers of a packet from the outside in: also into tunnels, into the packet that an ICMP error quotes, and to the message of an application.</summary>
/// <remarks>
/// While <see cref="Next"/> is true, the header type that belongs to <see cref="Kind"/> parses <see cref="Data"/>
/// successfully. Every step consumes bytes, so the walk ends on any input.
/// </remarks>
public ref struct LayerReader
{
    private readonly ushort _vxlanPort;
    private ReadOnlySpan<byte> _rest;
    private LayerKind _next;
    private IPProtocol _nextProtocol;
    private bool _nextIsQuoted;

    /// <param name="packet">The packet's bytes, perhaps not all of them.</param>
    /// <param name="first">The outermost header: Ethernet, IPv4 or IPv6.</param>
    /// <param name="vxlanPort">UDP destination port of the overlay; the port of IANA is always read as VXLAN.</param>
    public LayerReader(ReadOnlySpan<byte> packet, LayerKind first = LayerKind.Ethernet, ushort vxlanPort = VxlanHeader.LinuxPort)
    {
        _rest = packet;
        _next = first;
        _vxlanPort = vxlanPort;
    }

    public LayerKind Kind { get; private set; }

    /// <summary>From the first byte of this header on.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>For <see cref="LayerKind.IPv6Extension"/>: which one; an authentication header is one behind IPv4 as well.</summary>
    public IPProtocol Extension { get; private set; }

    /// <summary>Inside a packet that an ICMP error quotes.</summary>
    public bool IsQuoted { get; private set; }

    /// <summary>Some length read so far says that the packet is longer than the bytes at hand.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Meaningful once <see cref="Next"/> is false.</summary>
    public LayerEnd End { get; private set; }

    /// <summary>EtherType or IP protocol of what follows the last header, as far as that header says.</summary>
    public ushort NextType { get; private set; }

    public bool Next()
    {
        if (_next == LayerKind.None)
        {
            return false;
        }

        Kind = _next;
        Data = _rest;
        Extension = _nextProtocol;
        IsQuoted = _nextIsQuoted;
        _next = LayerKind.None;
        if (Read())
        {
            return true;
        }

        End = LayerEnd.Unreadable;
        Kind = LayerKind.None;
        return false;
    }

    private bool Read() => Kind switch
    {
        LayerKind.Ethernet => ReadEthernet(),
        LayerKind.Vlan => ReadVlan(),
        LayerKind.Arp => ArpPacket.TryParse(Data, out _),
        LayerKind.IPv4 => ReadIPv4(),
        LayerKind.IPv6 => ReadIPv6(),
        LayerKind.IPv6Extension => ReadIPv6Extension(),
        LayerKind.Icmpv4 => ReadIcmp(),
        LayerKind.Icmpv6 => ReadIcmpv6(),
        LayerKind.Tcp => ReadTcp(),
        LayerKind.Udp => ReadUdp(),
        LayerKind.Sctp => SctpHeader.TryParse(Data, out _),
        LayerKind.Vxlan => ReadVxlan(),
        LayerKind.Geneve => ReadGeneve(),
        LayerKind.Gre => ReadGre(),
        LayerKind.Igmp => IgmpMessage.TryParse(Data, out _),
        LayerKind.Esp => EspHeader.TryParse(Data, out _),
        LayerKind.None => false,

        // Applications are recognised by what they parse as.
        _ => true,
    };

    private bool ReadEthernet()
    {
        bool read = EthernetHeader.TryParse(Data, out EthernetHeader header);
        return read && Follow(header.EtherType, header.Payload);
    }

    private bool ReadVlan()
    {
        bool read = VlanHeader.TryParse(Data, out VlanHeader header);
        return read && Follow(header.EtherType, header.Payload);
    }

    private bool ReadIPv4()
    {
        if (!IPv4Header.TryParse(Data, out IPv4Header header))
        {
            return false;
        }

        Truncated(header.IsTruncated);
        return header.FragmentOffset != 0 ? Stop(LayerEnd.Fragment, (ushort)header.Protocol) : Follow(header.Protocol, header.Payload);
    }

    private bool ReadIPv6()
    {
        if (!IPv6Header.TryParse(Data, out IPv6Header header))
        {
            return false;
        }

        Truncated(header.IsTruncated);
        return Follow(header.NextHeader, header.Payload);
    }

    private bool ReadIPv6Extension()
    {
        if (!IPv6ExtensionHeader.TryParse(Extension, Data, out IPv6ExtensionHeader header))
        {
            return false;
        }

        return header.FragmentOffset != 0 ? Stop(LayerEnd.Fragment, (ushort)header.NextHeader) : Follow(header.NextHeader, header.Payload);
    }

    private bool ReadIcmp()
    {
        bool read = IcmpHeader.TryParse(Data, out IcmpHeader header);
        return read && (!header.IsError || header.Payload.IsEmpty || Quote(LayerKind.IPv4, header.Payload));
    }

    private bool ReadIcmpv6()
    {
        bool read = Icmpv6Header.TryParse(Data, out Icmpv6Header header);
        return read && (header.Quoted.IsEmpty || Quote(LayerKind.IPv6, header.Quoted));
    }

    private bool ReadUdp()
    {
        if (!UdpHeader.TryParse(Data, out UdpHeader header))
        {
            return false;
        }

        Truncated(header.IsTruncated);
        bool vxlan = header.DestinationPort == _vxlanPort || header.DestinationPort == VxlanHeader.IanaPort;
        if (vxlan && VxlanHeader.TryParse(header.Payload, out _))
        {
            return Continue(LayerKind.Vxlan, header.Payload);
        }

        bool geneve = header.DestinationPort == GeneveHeader.Port && GeneveHeader.TryParse(header.Payload, out _);
        return geneve
            ? Continue(LayerKind.Geneve, header.Payload)
            : ContinueApplication(ApplicationProtocol.OfDatagram(header.SourcePort, header.DestinationPort, header.Payload), header.Payload);
    }

    private bool ReadTcp()
    {
        if (!TcpHeader.TryParse(Data, out TcpHeader header))
        {
            return false;
        }

        LayerKind kind = ApplicationProtocol.OfStream(header.SourcePort, header.DestinationPort, header.Payload);
        return ContinueApplication(kind, kind == LayerKind.Dns ? header.Payload[DnsMessage.StreamPrefix..] : header.Payload);
    }

    private bool ContinueApplication(LayerKind kind, ReadOnlySpan<byte> payload) => kind == LayerKind.None || Continue(kind, payload);

    private bool ReadVxlan()
    {
        bool read = VxlanHeader.TryParse(Data, out VxlanHeader header);
        return read && Continue(LayerKind.Ethernet, header.Payload);
    }

    private bool ReadGeneve()
    {
        bool read = GeneveHeader.TryParse(Data, out GeneveHeader header);
        return read && FollowTunnel(header.Protocol, header.Payload);
    }

    private bool ReadGre()
    {
        bool read = GreHeader.TryParse(Data, out GreHeader header);
        return read && FollowTunnel(header.Protocol, header.Payload);
    }

    private bool FollowTunnel(ushort type, ReadOnlySpan<byte> payload) => type == GreHeader.TransparentEthernet
        ? Continue(LayerKind.Ethernet, payload)
        : Follow((EtherType)type, payload);

    private bool Follow(EtherType type, ReadOnlySpan<byte> payload)
    {
        NextType = (ushort)type;
        return type switch
        {
            EtherType.IPv4 => Continue(LayerKind.IPv4, payload),
            EtherType.IPv6 => Continue(LayerKind.IPv6, payload),
            EtherType.Arp => Continue(LayerKind.Arp, payload),
            EtherType.Vlan or EtherType.ServiceVlan => Continue(LayerKind.Vlan, payload),
            _ => Stop(LayerEnd.UnknownType, (ushort)type),
        };
    }

    private bool Follow(IPProtocol protocol, ReadOnlySpan<byte> payload)
    {
        NextType = (ushort)protocol;
        _nextProtocol = protocol;
        return protocol switch
        {
            IPProtocol.Icmpv4 => Continue(LayerKind.Icmpv4, payload),
            IPProtocol.Icmpv6 => Continue(LayerKind.Icmpv6, payload),
            IPProtocol.Tcp => Continue(LayerKind.Tcp, payload),
            IPProtocol.Udp => Continue(LayerKind.Udp, payload),
            IPProtocol.Sctp => Continue(LayerKind.Sctp, payload),
            IPProtocol.IPv6 => Continue(LayerKind.IPv6, payload),
            IPProtocol.IPv4 => Continue(LayerKind.IPv4, payload),
            IPProtocol.Gre => Continue(LayerKind.Gre, payload),
            IPProtocol.Igmp => Continue(LayerKind.Igmp, payload),
            IPProtocol.Esp => Continue(LayerKind.Esp, payload),
            IPProtocol.NoNextHeader => true,
            IPProtocol.AuthenticationHeader => Continue(LayerKind.IPv6Extension, payload),
            _ when Kind != LayerKind.IPv4 && IPv6ExtensionHeader.IsExtension(protocol) => Continue(LayerKind.IPv6Extension, payload),
            _ => Stop(LayerEnd.UnknownType, (ushort)protocol),
        };
    }

    private bool Quote(LayerKind next, ReadOnlySpan<byte> payload)
    {
        _nextIsQuoted = true;
        return Continue(next, payload);
    }

    private bool Continue(LayerKind next, ReadOnlySpan<byte> payload)
    {
        _next = next;
        _rest = payload;
        return true;
    }

    private bool Stop(LayerEnd end, ushort type)
    {
        End = end;
        NextType = type;
        return true;
    }

    /// <summary>A quote is cut short by design (RFC 1812 section 4.3.2.3).</summary>
    private void Truncated(bool truncated) => IsTruncated |= truncated && !IsQuoted;
}
