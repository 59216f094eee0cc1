namespace Weft.Netlink.Netfilter;

/// <summary>Words of nft for families.</summary>
public static class NetfilterFamilyExtensions
{
    /// <summary>As <c>nft list ruleset</c> writes it: <c>ip</c>, <c>ip6</c>, <c>inet</c>.</summary>
    public static string ToWord(this NetfilterFamily family) => family switch
    {
        NetfilterFamily.Inet => "inet",
        NetfilterFamily.IPv4 => "ip",
        NetfilterFamily.IPv6 => "ip6",
        NetfilterFamily.Arp => "arp",
        NetfilterFamily.Bridge => "bridge",
        NetfilterFamily.Netdev => "netdev",
        _ => $"family-{(int)family}",
    };
}
