namespace Weft.Netlink.Netfilter;

/// <summary>One rule, with its text as nft writes it.</summary>
public sealed record NetfilterRule
{
    public required NetfilterFamily Family { get; init; }

    public required string Table { get; init; }

    public required string Chain { get; init; }

    /// <summary>What names it within its table for as long as it exists.</summary>
    public required ulong Handle { get; init; }

    /// <summary>Without the numbers of its counters; what cannot be told is the name of the expression in brackets.</summary>
    public required string Text { get; init; }

    /// <summary>Packets and bytes of its first counter; null: it has none.</summary>
    public (ulong Packets, ulong Bytes)? Counted { get; init; }
}
