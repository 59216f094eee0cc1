namespace Weft.Packets;

/// <summary>IANA protocol numbers: the Protocol field of IPv4, Next Header of IPv6.</summary>
public enum IPProtocol : byte
{
    HopByHop = 0,
    Icmpv4 = 1,
    Igmp = 2,
    IPv4 = 4,
    Tcp = 6,
    Udp = 17,
    IPv6 = 41,
    Routing = 43,
    Fragment = 44,
    Gre = 47,
    Esp = 50,
    AuthenticationHeader = 51,
    Icmpv6 = 58,
    NoNextHeader = 59,
    DestinationOptions = 60,
    Sctp = 132,
}
