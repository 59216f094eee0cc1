namespace Weft.Netlink.Netfilter;

/// <summary>A table of iptables before nftables: rules that nf_tables knows nothing of.</summary>
/// <param name="Family">IPv4 or IPv6.</param>
/// <param name="Name"><c>filter</c>, <c>nat</c>, <c>mangle</c>, <c>raw</c> or <c>security</c>.</param>
/// <param name="Rules">Without policies.</param>
public readonly record struct LegacyTable(NetfilterFamily Family, string Name, int Rules);
