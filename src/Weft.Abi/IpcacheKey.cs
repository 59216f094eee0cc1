using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Key of map <c>weft_ipcache</c>, a trie of longest prefixes.</summary>
[BtfStruct("weft_ipcache_key")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct IpcacheKey
{
    /// <summary>Counts bits of <see cref="Addr"/>: an IPv4 /n is 96 + n.</summary>
    public uint PrefixLen;

    public WeftAddress Addr;
}
