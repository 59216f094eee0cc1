using Weft.Netlink.Uapi;

namespace Weft.Netlink.Netfilter;

/// <summary>What packets a table of nftables is for, by the kernel's numbers.</summary>
public enum NetfilterFamily
{
    None = 0,

    /// <summary>IPv4 and IPv6.</summary>
    Inet = NfNetlinkH.NFPROTO_INET,
    IPv4 = NfNetlinkH.NFPROTO_IPV4,
    Arp = NfNetlinkH.NFPROTO_ARP,

    /// <summary>Frames of one device, before all else.</summary>
    Netdev = NfNetlinkH.NFPROTO_NETDEV,
    Bridge = NfNetlinkH.NFPROTO_BRIDGE,
    IPv6 = NfNetlinkH.NFPROTO_IPV6,
}
