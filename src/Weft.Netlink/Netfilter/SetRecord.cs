using System.Collections.Immutable;

namespace Weft.Netlink.Netfilter;

/// <summary>A set or map that rules look values up in.</summary>
/// <param name="Flags">NFT_SET_*.</param>
/// <param name="KeyLength">In bytes, each part of a key that has several rounded up to four.</param>
/// <param name="DataType">By nft's own numbers, six bits a part.</param>
internal sealed record SetRecord(string Name, uint Flags, int KeyLength, uint DataType)
{
    /// <summary>Only read of sets that have no name of their own.</summary>
    public ImmutableArray<SetElement> Elements { get; init; } = [];
}
