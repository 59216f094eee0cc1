namespace Weft.Packets.Text;

/// <summary>Names of numbers in headers, as users of gopacket and Cilium know them.</summary>
internal static class PacketNames
{
    private static readonly string[] UnreachableCodes =
    [
        "Net", "Host", "Protocol", "Port", "FragmentationNeeded", "SourceRoutingFailed", "NetUnknown", "HostUnknown", "SourceIsolated",
        "NetAdminProhibited", "HostAdminProhibited", "NetTOS", "HostTOS", "CommAdminProhibited", "HostPrecedence", "PrecedenceCutoff",
    ];

    private static readonly string[] RedirectCodes = ["Net", "Host", "TOS+Net", "TOS+Host"];
    private static readonly string[] TimeExceededCodes = ["TTLExceeded", "FragmentReassemblyTimeExceeded"];
    private static readonly string[] ParameterCodes = ["PointerIndicatesError", "MissingOption", "BadLength"];

    private static readonly string[] Unreachable6Codes =
    [
        "NoRouteToDst", "AdminProhibited", "BeyondScopeOfSrc", "AddressUnreachable", "PortUnreachable",
        "SrcAddressFailedPolicy", "RejectRouteToDst",
    ];

    private static readonly string[] TimeExceeded6Codes = ["HopLimitExceeded", "FragmentReassemblyTimeExceeded"];
    private static readonly string[] Parameter6Codes = ["ErroneousHeader", "UnrecognizedNextHeader", "UnrecognizedIPv6Option"];

    public static string Of(EtherType type) => type switch
    {
        EtherType.IPv4 => "IPv4",
        EtherType.IPv6 => "IPv6",
        EtherType.Arp => "ARP",
        EtherType.Vlan => "Dot1Q",
        EtherType.ServiceVlan => "QinQ",
        < (EtherType)0x600 => "LLC",
        _ => "UnknownEthernetType",
    };

    public static string Of(IPProtocol protocol) => protocol switch
    {
        IPProtocol.HopByHop => "IPv6HopByHop",
        IPProtocol.Icmpv4 => "ICMPv4",
        IPProtocol.Igmp => "IGMP",
        IPProtocol.IPv4 => "IPv4",
        IPProtocol.Tcp => "TCP",
        IPProtocol.Udp => "UDP",
        IPProtocol.IPv6 => "IPv6",
        IPProtocol.Routing => "IPv6Routing",
        IPProtocol.Fragment => "IPv6Fragment",
        IPProtocol.Gre => "GRE",
        IPProtocol.Esp => "ESP",
        IPProtocol.AuthenticationHeader => "AH",
        IPProtocol.Icmpv6 => "ICMPv6",
        IPProtocol.NoNextHeader => "NoNextHeader",
        IPProtocol.DestinationOptions => "IPv6Destination",
        IPProtocol.Sctp => "SCTP",
        _ => "UnknownIPProtocol",
    };

    public static string Of(TcpOptionKind kind) => kind switch
    {
        TcpOptionKind.EndOfOptions => "EndList",
        TcpOptionKind.Nop => "NOP",
        TcpOptionKind.MaximumSegmentSize => "MSS",
        TcpOptionKind.WindowScale => "WindowScale",
        TcpOptionKind.SelectiveAckPermitted => "SACKPermitted",
        TcpOptionKind.SelectiveAck => "SACK",
        TcpOptionKind.Timestamps => "Timestamps",
        _ => "Unknown",
    };

    /// <summary>Name of a well-known port that is likely on a pod network; null otherwise.</summary>
    public static string? OfPort(ushort port) => port switch
    {
        22 => "ssh",
        53 => "domain",
        67 => "bootps",
        68 => "bootpc",
        80 => "http",
        123 => "ntp",
        443 => "https",
        VxlanHeader.IanaPort or VxlanHeader.LinuxPort => "vxlan",
        _ => null,
    };

    /// <summary><c>EchoRequest</c>, <c>DestinationUnreachable(Port)</c>, <c>EchoReply(Code: 7)</c>, <c>42(0)</c>.</summary>
    public static void WriteTypeCode(Utf8Output output, IcmpType type, byte code) =>
        WriteTypeCode(output, Name(type), (byte)type, code, type switch
        {
            IcmpType.DestinationUnreachable => UnreachableCodes,
            IcmpType.Redirect => RedirectCodes,
            IcmpType.TimeExceeded => TimeExceededCodes,
            IcmpType.ParameterProblem => ParameterCodes,
            _ => [],
        });

    /// <inheritdoc cref="WriteTypeCode(Utf8Output, IcmpType, byte)"/>
    public static void WriteTypeCode(Utf8Output output, Icmpv6Type type, byte code) =>
        WriteTypeCode(output, Name(type), (byte)type, code, type switch
        {
            Icmpv6Type.DestinationUnreachable => Unreachable6Codes,
            Icmpv6Type.TimeExceeded => TimeExceeded6Codes,
            Icmpv6Type.ParameterProblem => Parameter6Codes,
            _ => [],
        });

    private static void WriteTypeCode(Utf8Output output, string? name, byte type, byte code, ReadOnlySpan<string> codes)
    {
        if (name is null)
        {
            output.Write($"{type}({code})");
        }
        else if (code < codes.Length)
        {
            output.Write($"{name}({codes[code]})");
        }
        else if (code != 0)
        {
            output.Write($"{name}(Code: {code})");
        }
        else
        {
            output.Write(name);
        }
    }

    private static string? Name(IcmpType type) => type switch
    {
        IcmpType.EchoReply => nameof(IcmpType.EchoReply),
        IcmpType.DestinationUnreachable => nameof(IcmpType.DestinationUnreachable),
        IcmpType.SourceQuench => nameof(IcmpType.SourceQuench),
        IcmpType.Redirect => nameof(IcmpType.Redirect),
        IcmpType.EchoRequest => nameof(IcmpType.EchoRequest),
        IcmpType.RouterAdvertisement => nameof(IcmpType.RouterAdvertisement),
        IcmpType.RouterSolicitation => nameof(IcmpType.RouterSolicitation),
        IcmpType.TimeExceeded => nameof(IcmpType.TimeExceeded),
        IcmpType.ParameterProblem => nameof(IcmpType.ParameterProblem),
        IcmpType.TimestampRequest => nameof(IcmpType.TimestampRequest),
        IcmpType.TimestampReply => nameof(IcmpType.TimestampReply),
        IcmpType.InfoRequest => nameof(IcmpType.InfoRequest),
        IcmpType.InfoReply => nameof(IcmpType.InfoReply),
        IcmpType.AddressMaskRequest => nameof(IcmpType.AddressMaskRequest),
        IcmpType.AddressMaskReply => nameof(IcmpType.AddressMaskReply),
        _ => null,
    };

    private static string? Name(Icmpv6Type type) => type switch
    {
        Icmpv6Type.DestinationUnreachable => nameof(Icmpv6Type.DestinationUnreachable),
        Icmpv6Type.PacketTooBig => nameof(Icmpv6Type.PacketTooBig),
        Icmpv6Type.TimeExceeded => nameof(Icmpv6Type.TimeExceeded),
        Icmpv6Type.ParameterProblem => nameof(Icmpv6Type.ParameterProblem),
        Icmpv6Type.EchoRequest => nameof(Icmpv6Type.EchoRequest),
        Icmpv6Type.EchoReply => nameof(Icmpv6Type.EchoReply),
        Icmpv6Type.MldQuery => "MLDv1MulticastListenerQueryMessage",
        Icmpv6Type.MldReport => "MLDv1MulticastListenerReportMessage",
        Icmpv6Type.MldDone => "MLDv1MulticastListenerDoneMessage",
        Icmpv6Type.RouterSolicitation => nameof(Icmpv6Type.RouterSolicitation),
        Icmpv6Type.RouterAdvertisement => nameof(Icmpv6Type.RouterAdvertisement),
        Icmpv6Type.NeighborSolicitation => nameof(Icmpv6Type.NeighborSolicitation),
        Icmpv6Type.NeighborAdvertisement => nameof(Icmpv6Type.NeighborAdvertisement),
        Icmpv6Type.Redirect => nameof(Icmpv6Type.Redirect),
        Icmpv6Type.MldV2Report => "MLDv2MulticastListenerReportMessageV2",
        _ => null,
    };

    public static string Of(TlsContentType type) => type switch
    {
        TlsContentType.ChangeCipherSpec => "ChangeCipherSpec",
        TlsContentType.Alert => "Alert",
        TlsContentType.Handshake => "Handshake",
        TlsContentType.ApplicationData => "ApplicationData",
        _ => "Heartbeat",
    };

    public static string Of(QuicPacketType type) => type switch
    {
        QuicPacketType.Initial => "Initial",
        QuicPacketType.ZeroRtt => "0-RTT",
        QuicPacketType.Handshake => "Handshake",
        _ => "Retry",
    };

    public static void WriteTlsVersion(ushort version, Utf8Output output)
    {
        if (version == 0x0300)
        {
            output.Write("SSL 3.0"u8);
        }
        else if (version is > 0x0300 and <= 0x0304)
        {
            output.Write($"TLS 1.{(version & 0xff) - 1}");
        }
        else
        {
            output.Write($"version 0x{version:x4}");
        }
    }

    public static void WriteQuicVersion(uint version, Utf8Output output)
    {
        if (version == QuicLongHeader.Version1)
        {
            output.Write("v1"u8);
        }
        else if (version == QuicLongHeader.Version2)
        {
            output.Write("v2"u8);
        }
        else
        {
            output.Write($"draft-{version & 0xff}");
        }
    }

    public static void WriteDnsType(DnsType type, Utf8Output output)
    {
        if (NameOf(type) is string name)
        {
            output.Write(name);
        }
        else
        {
            output.Write($"TYPE{(ushort)type}");
        }
    }

    /// <summary>RFC 6895's names.</summary>
    public static void WriteDnsCode(byte code, Utf8Output output)
    {
        ReadOnlySpan<string> names = ["NoError", "FormErr", "ServFail", "NXDomain", "NotImp", "Refused", "YXDomain", "YXRRSet", "NXRRSet", "NotAuth", "NotZone"];
        if (code < names.Length)
        {
            output.Write(names[code]);
        }
        else
        {
            output.Write($"RCODE{code}");
        }
    }

    public static string OfNtpMode(byte mode) => mode switch
    {
        1 => "symmetric active",
        2 => "symmetric passive",
        3 => "client",
        4 => "server",
        _ => "broadcast",
    };

    /// <summary>Null: option 53 is not at hand, or is none of RFC 2132's.</summary>
    public static string? OfDhcp(byte type) => type switch
    {
        1 => "Discover",
        2 => "Offer",
        3 => "Request",
        4 => "Decline",
        5 => "Ack",
        6 => "Nak",
        7 => "Release",
        8 => "Inform",
        _ => null,
    };

    public static string OfDhcpv6(byte type) => type switch
    {
        1 => "Solicit",
        2 => "Advertise",
        3 => "Request",
        4 => "Confirm",
        5 => "Renew",
        6 => "Rebind",
        7 => "Reply",
        8 => "Release",
        9 => "Decline",
        10 => "Reconfigure",
        11 => "InformationRequest",
        12 => "RelayForward",
        _ => "RelayReply",
    };

    public static string? Name(IgmpType type) => type switch
    {
        IgmpType.Query => "MembershipQuery",
        IgmpType.ReportV1 => "MembershipReportV1",
        IgmpType.ReportV2 => "MembershipReportV2",
        IgmpType.Leave => "LeaveGroup",
        IgmpType.ReportV3 => "MembershipReportV3",
        _ => null,
    };

    private static string? NameOf(DnsType type) => type switch
    {
        DnsType.A => nameof(DnsType.A),
        DnsType.NS => nameof(DnsType.NS),
        DnsType.CNAME => nameof(DnsType.CNAME),
        DnsType.SOA => nameof(DnsType.SOA),
        DnsType.PTR => nameof(DnsType.PTR),
        DnsType.MX => nameof(DnsType.MX),
        DnsType.TXT => nameof(DnsType.TXT),
        DnsType.AAAA => nameof(DnsType.AAAA),
        DnsType.SRV => nameof(DnsType.SRV),
        DnsType.NAPTR => nameof(DnsType.NAPTR),
        DnsType.OPT => nameof(DnsType.OPT),
        DnsType.DS => nameof(DnsType.DS),
        DnsType.RRSIG => nameof(DnsType.RRSIG),
        DnsType.NSEC => nameof(DnsType.NSEC),
        DnsType.DNSKEY => nameof(DnsType.DNSKEY),
        DnsType.TLSA => nameof(DnsType.TLSA),
        DnsType.SVCB => nameof(DnsType.SVCB),
        DnsType.HTTPS => nameof(DnsType.HTTPS),
        DnsType.IXFR => nameof(DnsType.IXFR),
        DnsType.AXFR => nameof(DnsType.AXFR),
        DnsType.ANY => nameof(DnsType.ANY),
        DnsType.CAA => nameof(DnsType.CAA),
        _ => null,
    };
}
