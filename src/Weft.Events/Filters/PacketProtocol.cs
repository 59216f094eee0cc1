namespace Weft.Events;

/// <summary>Protocols that events can be asked for by.</summary>
public enum PacketProtocol
{
    None = 0,
    Ethernet,
    Vlan,
    Arp,
    IPv4,
    IPv6,
    Icmp,
    Icmpv6,
    Igmp,
    Tcp,
    Udp,
    Sctp,
    Vxlan,
    Geneve,
    Gre,
    Esp,
    Ah,
    Dns,
    Dhcp,
    Dhcpv6,
    Ntp,
    Http,
    Tls,
    Quic,
}
