using System.Globalization;
using System.Net;
using Weft.Packets;

namespace Weft.Events.Hops;

/// <summary>What a packet says of itself at one point, as far as its bytes were captured. Of one in a tunnel: the packet that is carried.</summary>
/// <remarks>Absent headers leave their values null. Immutable.</remarks>
public sealed record PacketFacts
{
    public string? SourceMac { get; init; }

    public string? DestinationMac { get; init; }

    public IPAddress? Source { get; init; }

    public IPAddress? Destination { get; init; }

    /// <summary>TTL or hop limit.</summary>
    public int? Ttl { get; init; }

    /// <summary>IPv4's identification.</summary>
    public int? Id { get; init; }

    public IPProtocol? Protocol { get; init; }

    /// <summary>ICMP echo: the identifier.</summary>
    public int? SourcePort { get; init; }

    /// <summary>ICMP echo: the identifier.</summary>
    public int? DestinationPort { get; init; }

    public TcpFlags? TcpFlags { get; init; }

    public uint? TcpSequence { get; init; }

    public uint? TcpAcknowledgment { get; init; }

    /// <summary>Type and code of ICMP, in words.</summary>
    public string? Icmp { get; init; }

    public bool IsEchoRequest { get; init; }

    public int? EchoSequence { get; init; }

    /// <summary>Of TCP, UDP or ICMP, as it stands: a device may still have to complete it.</summary>
    public int? Checksum { get; init; }

    /// <summary>The packet that an ICMP error quotes; null: it is no error.</summary>
    public PacketFacts? Quoted { get; init; }

    /// <summary>The tunnel's identifier; null: it is in none.</summary>
    public uint? Vni { get; init; }

    /// <summary>Of the tunnel's packet.</summary>
    public IPAddress? OuterSource { get; init; }

    /// <summary>Of the tunnel's packet.</summary>
    public IPAddress? OuterDestination { get; init; }

    /// <summary>UDP ports of the tunnel's packet.</summary>
    public (int Source, int Destination)? OuterPorts { get; init; }

    /// <summary>Two ends and protocol: of an ICMP error those of the packet that it quotes.</summary>
    public FlowKey? Flow => Quoted?.Flow
        ?? (Source is null || Destination is null || Protocol is null ? null
            : new FlowKey(Protocol.Value, Source, SourcePort ?? 0, Destination, DestinationPort ?? 0));

    /// <summary>Reads captured bytes.</summary>
    /// <param name="bytes">From <paramref name="first"/> on, perhaps cut short.</param>
    /// <param name="first">The outermost header.</param>
    /// <param name="vxlanPort">UDP destination port of the overlay.</param>
    public static PacketFacts Read(ReadOnlySpan<byte> bytes, LayerKind first, ushort vxlanPort)
    {
        PacketFacts facts = new();
        LayerReader layers = new(bytes, first, vxlanPort);
        while (layers.Next())
        {
            if (layers.IsQuoted)
            {
                return facts with { Quoted = ReadQuoted(ref layers) };
            }

            facts = layers.Kind == LayerKind.Vxlan && VxlanHeader.TryParse(layers.Data, out VxlanHeader tunnel)
                ? new PacketFacts
                {
                    Vni = tunnel.Vni,
                    OuterSource = facts.Source,
                    OuterDestination = facts.Destination,
                    OuterPorts = (facts.SourcePort ?? 0, facts.DestinationPort ?? 0),
                }
                : facts.With(layers.Kind, layers.Data);
        }

        return facts;
    }

    /// <summary>One line: ends, protocol, and what it asks for or answers.</summary>
    public override string ToString()
    {
        string what = Icmp ?? (Protocol == IPProtocol.Tcp ? $"tcp {TcpFlagsText}" : Protocol?.ToString().ToLowerInvariant() ?? "?");
        bool ports = Protocol is IPProtocol.Tcp or IPProtocol.Udp;
        string ends = $"{End(Source, ports ? SourcePort : null)} -> {End(Destination, ports ? DestinationPort : null)} {what}";
        return Vni is { } vni
            ? string.Create(CultureInfo.InvariantCulture, $"{ends} [vxlan {vni}, {OuterSource} -> {OuterDestination}]")
            : ends;
    }

    /// <summary>Flags of TCP, as <c>SYN, ACK</c>.</summary>
    public string TcpFlagsText => TcpFlags?.ToString().ToUpperInvariant() ?? "";

    private static PacketFacts ReadQuoted(ref LayerReader layers)
    {
        PacketFacts quoted = new();
        do
        {
            quoted = quoted.With(layers.Kind, layers.Data);
        }
        while (layers.Next());

        return quoted;
    }

    private static IPAddress ToIPAddress(IPv6Address address)
    {
        Span<byte> bytes = stackalloc byte[IPv6Address.Size];
        address.CopyTo(bytes);
        return new IPAddress(bytes);
    }

    private static string End(IPAddress? address, int? port) => port is { } number
        ? address?.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]:{number}" : $"{address}:{number}"
        : $"{address}";

    private PacketFacts With(LayerKind kind, ReadOnlySpan<byte> data)
    {
        switch (kind)
        {
            case LayerKind.Ethernet when EthernetHeader.TryParse(data, out EthernetHeader ethernet):
                return this with { SourceMac = ethernet.Source.ToString(), DestinationMac = ethernet.Destination.ToString() };
            case LayerKind.IPv4 when IPv4Header.TryParse(data, out IPv4Header ip):
                return this with
                {
                    Source = ip.Source.ToIPAddress(),
                    Destination = ip.Destination.ToIPAddress(),
                    Ttl = ip.TimeToLive,
                    Id = ip.Id,
                    Protocol = ip.Protocol,
                };
            case LayerKind.IPv6 when IPv6Header.TryParse(data, out IPv6Header ip):
                return this with
                {
                    Source = ToIPAddress(ip.Source),
                    Destination = ToIPAddress(ip.Destination),
                    Ttl = ip.HopLimit,
                    Protocol = ip.NextHeader,
                };
            case LayerKind.Tcp when TcpHeader.TryParse(data, out TcpHeader tcp):
                return this with
                {
                    Protocol = IPProtocol.Tcp,
                    SourcePort = tcp.SourcePort,
                    DestinationPort = tcp.DestinationPort,
                    TcpFlags = tcp.Flags,
                    TcpSequence = tcp.Sequence,
                    TcpAcknowledgment = tcp.Acknowledgment,
                    Checksum = tcp.Checksum,
                };
            case LayerKind.Udp when UdpHeader.TryParse(data, out UdpHeader udp):
                return this with
                {
                    Protocol = IPProtocol.Udp,
                    SourcePort = udp.SourcePort,
                    DestinationPort = udp.DestinationPort,
                    Checksum = udp.Checksum,
                };
            case LayerKind.Icmpv4 when IcmpHeader.TryParse(data, out IcmpHeader icmp):
                return WithIcmp(icmp);
            case LayerKind.Icmpv6 when Icmpv6Header.TryParse(data, out Icmpv6Header icmp):
                return WithIcmp(icmp);
            default:
                return this;
        }
    }

    private PacketFacts WithIcmp(IcmpHeader icmp)
    {
        bool echo = icmp.Type is IcmpType.EchoRequest or IcmpType.EchoReply;
        return this with
        {
            Protocol = IPProtocol.Icmpv4,
            Icmp = $"icmp {icmp.Type}{(icmp.IsError ? string.Create(CultureInfo.InvariantCulture, $", code {icmp.Code}") : "")}",
            IsEchoRequest = icmp.Type == IcmpType.EchoRequest,
            SourcePort = echo ? icmp.Id : null,
            DestinationPort = echo ? icmp.Id : null,
            EchoSequence = echo ? icmp.Sequence : null,
            Checksum = icmp.Checksum,
        };
    }

    private PacketFacts WithIcmp(Icmpv6Header icmp)
    {
        bool echo = icmp.TryGetEcho(out ushort id, out ushort sequence);
        return this with
        {
            Protocol = IPProtocol.Icmpv6,
            Icmp = $"icmp6 {icmp.Type}{(icmp.IsError ? string.Create(CultureInfo.InvariantCulture, $", code {icmp.Code}") : "")}",
            IsEchoRequest = icmp.Type == Icmpv6Type.EchoRequest,
            SourcePort = echo ? id : null,
            DestinationPort = echo ? id : null,
            EchoSequence = echo ? sequence : null,
            Checksum = icmp.Checksum,
        };
    }
}
