namespace Weft.Netlink.Netfilter;

/// <summary>A table of nftables; those of iptables-nft are among them.</summary>
public sealed record NetfilterTable
{
    public required NetfilterFamily Family { get; init; }

    public required string Name { get; init; }

    public ulong Handle { get; init; }

    /// <summary>Netlink port of the socket that the table goes with; null: it stays until somebody deletes it.</summary>
    public uint? Owner { get; init; }
}
