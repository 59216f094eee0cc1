namespace Weft.Packets;

/// <summary>Headers that a <see cref="LayerReader"/> stops at.</summary>
public enum LayerKind : byte
{
    None = 0,
    Ethernet,
    Vlan,
    Arp,
    IPv4,
    IPv6,
    IPv6Extension,
    Icmpv4,
    Icmpv6,
    Tcp,
    Udp,
    Sctp,
    Vxlan,
    Geneve,
    Gre,
    Igmp,
    Esp,
    Dns,
    Dhcpv4,
    Dhcpv6,
    Ntp,
    Http,
    Tls,
    Quic,
}
