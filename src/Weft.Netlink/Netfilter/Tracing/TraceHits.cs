namespace Weft.Netlink.Netfilter.Tracing;

/// <summary>How many packets of a filter came to one of netfilter's two beginnings, traced or not.</summary>
/// <param name="Hook"><c>prerouting</c> or <c>output</c>.</param>
/// <param name="InTunnel">VXLAN packets that carry a packet of the flow, not the packet itself.</param>
public readonly record struct TraceHits(string Hook, bool InTunnel, ulong Packets);
