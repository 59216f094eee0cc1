using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Key of map <c>weft_source_ranges</c>, an LPM trie.</summary>
[BtfStruct("weft_source_range_key")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct SourceRangeKey
{
    /// <summary>Counts the 32 bits of the service too: an IPv4 /n is 32 + 96 + n.</summary>
    public uint PrefixLen;

    public uint ServiceId;
    public WeftAddress Addr;
}
