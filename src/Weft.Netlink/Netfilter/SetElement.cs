namespace Weft.Netlink.Netfilter;

/// <param name="Key">Empty of an element that catches all.</param>
/// <param name="KeyEnd">Last of a range, in sets whose keys have several parts.</param>
/// <param name="Flags">NFT_SET_ELEM_*.</param>
internal sealed record SetElement(byte[] Key, byte[]? KeyEnd, uint Flags)
{
    /// <summary>Of a map.</summary>
    public byte[]? Value { get; init; }

    /// <summary>Of a map of verdicts.</summary>
    public NetfilterVerdict? Verdict { get; init; }
}
