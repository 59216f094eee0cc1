using System.Collections.Immutable;
using Weft.Packets;

namespace Weft.Events;

/// <summary>Protocols by their names and by the headers that they are seen as.</summary>
public static class PacketProtocols
{
    /// <summary>In small letters, as users write them.</summary>
    public static ImmutableSortedDictionary<string, PacketProtocol> ByName { get; } = Enum.GetValues<PacketProtocol>()
        .Where(protocol => protocol is not (PacketProtocol.None or PacketProtocol.Ethernet))
        .ToImmutableSortedDictionary(protocol => protocol.ToString().ToLowerInvariant(), protocol => protocol, StringComparer.Ordinal);

    internal static PacketProtocol Of(in LayerReader layers) => layers.Kind switch
    {
        LayerKind.Ethernet => PacketProtocol.Ethernet,
        LayerKind.Vlan => PacketProtocol.Vlan,
        LayerKind.Arp => PacketProtocol.Arp,
        LayerKind.IPv4 => PacketProtocol.IPv4,
        LayerKind.IPv6 => PacketProtocol.IPv6,
        LayerKind.IPv6Extension when layers.Extension == IPProtocol.AuthenticationHeader => PacketProtocol.Ah,
        LayerKind.Icmpv4 => PacketProtocol.Icmp,
        LayerKind.Icmpv6 => PacketProtocol.Icmpv6,
        LayerKind.Igmp => PacketProtocol.Igmp,
        LayerKind.Tcp => PacketProtocol.Tcp,
        LayerKind.Udp => PacketProtocol.Udp,
        LayerKind.Sctp => PacketProtocol.Sctp,
        LayerKind.Vxlan => PacketProtocol.Vxlan,
        LayerKind.Geneve => PacketProtocol.Geneve,
        LayerKind.Gre => PacketProtocol.Gre,
        LayerKind.Esp => PacketProtocol.Esp,
        LayerKind.Dns => PacketProtocol.Dns,
        LayerKind.Dhcpv4 => PacketProtocol.Dhcp,
        LayerKind.Dhcpv6 => PacketProtocol.Dhcpv6,
        LayerKind.Ntp => PacketProtocol.Ntp,
        LayerKind.Http => PacketProtocol.Http,
        LayerKind.Tls => PacketProtocol.Tls,
        LayerKind.Quic => PacketProtocol.Quic,
        _ => PacketProtocol.None,
    };
}
