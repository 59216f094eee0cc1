using Weft.Netlink.Uapi;

namespace Weft.Netlink.Netfilter;

/// <summary>A chain of rules: a base chain, which packets come to by themselves, or one that others jump to.</summary>
public sealed record NetfilterChain
{
    public required NetfilterFamily Family { get; init; }

    public required string Table { get; init; }

    public required string Name { get; init; }

    public ulong Handle { get; init; }

    /// <summary><c>filter</c>, <c>nat</c> or <c>route</c> of a base chain.</summary>
    public string? Type { get; init; }

    /// <summary>The kernel's number of the hook, which depends on the family; null: no base chain.</summary>
    public int? Hook { get; init; }

    /// <summary>Chains of one hook run in the order of these.</summary>
    public int? Priority { get; init; }

    /// <summary>What becomes of packets that no rule of a base chain decided.</summary>
    public NetfilterVerdict? Policy { get; init; }

    /// <summary><c>prerouting</c>, <c>input</c>, <c>forward</c>, <c>output</c>, <c>postrouting</c>, <c>ingress</c>, <c>egress</c>.</summary>
    public string? HookName => (Family, Hook) switch
    {
        (_, null) => null,
        (NetfilterFamily.Netdev, 0) => "ingress",
        (NetfilterFamily.Netdev, 1) => "egress",
        (NetfilterFamily.Arp, 0) => "input",
        (NetfilterFamily.Arp, 1) => "output",
        (_, NfNetlinkH.NF_INET_PRE_ROUTING) => "prerouting",
        (_, NfNetlinkH.NF_INET_LOCAL_IN) => "input",
        (_, NfNetlinkH.NF_INET_FORWARD) => "forward",
        (_, NfNetlinkH.NF_INET_LOCAL_OUT) => "output",
        (_, NfNetlinkH.NF_INET_POST_ROUTING) => "postrouting",
        (_, NfNetlinkH.NF_INET_INGRESS) => "ingress",
        (_, int other) => $"hook-{other}",
    };
}
