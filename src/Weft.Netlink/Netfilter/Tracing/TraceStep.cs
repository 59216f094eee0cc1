using Weft.Linux;

namespace Weft.Netlink.Netfilter.Tracing;

/// <summary>One step of a traced packet through nftables: what <c>nft monitor trace</c> prints a line for.</summary>
public sealed record TraceStep
{
    /// <summary>The same for all steps of a packet; packets after it may get it again.</summary>
    public required uint Id { get; init; }

    /// <summary>Of the table.</summary>
    public required NetfilterFamily Family { get; init; }

    public required TraceStepType Type { get; init; }

    public required string Table { get; init; }

    public required string Chain { get; init; }

    /// <summary>0 unless <see cref="Type"/> is <see cref="TraceStepType.Rule"/>.</summary>
    public ulong RuleHandle { get; init; }

    /// <summary>What the rule or the policy decided.</summary>
    public NetfilterVerdict Verdict { get; init; }

    /// <summary>The packet's, before this rule.</summary>
    public uint Mark { get; init; }

    /// <summary>Only with headers.</summary>
    public IfIndex? In { get; init; }

    /// <summary>Only with headers.</summary>
    public IfIndex? Out { get; init; }

    /// <summary>Number of the connection tracking entry; null before kernel 6.16 and where there is none.</summary>
    public uint? ConntrackId { get; init; }

    /// <summary>The first step in each base chain has the packet's headers; empty in the others.</summary>
    public ReadOnlyMemory<byte> LinkHeader { get; init; }

    /// <summary>Begins with the IP header; the kernel gives 40 bytes at most.</summary>
    public ReadOnlyMemory<byte> NetworkHeader { get; init; }

    /// <summary>Begins with the header after IP's; the kernel gives 20 bytes at most.</summary>
    public ReadOnlyMemory<byte> TransportHeader { get; init; }

    public bool HasHeaders => !NetworkHeader.IsEmpty || !LinkHeader.IsEmpty;
}
