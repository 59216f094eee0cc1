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
}
