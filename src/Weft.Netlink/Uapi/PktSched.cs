// include/uapi/linux/pkt_sched.h
namespace Weft.Netlink.Uapi;

internal static class PktSched
{
    /// <summary>The parent of clsact, and of the ingress qdisc that it took the place of.</summary>
    public const uint TC_H_CLSACT = 0xFFFFFFF1;

    // Minor numbers below that: what arrives, what leaves.
    public const uint TC_H_MIN_INGRESS = 0xFFF2;
    public const uint TC_H_MIN_EGRESS = 0xFFF3;
}
