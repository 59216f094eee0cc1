using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Key of map <c>weft_fragments</c>: the datagram that a fragment belongs to.</summary>
[BtfStruct("weft_fragment_key")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct FragmentKey
{
    public WeftAddress Saddr;
    public WeftAddress Daddr;
    public Be32 Id;
    public byte Proto;
    private readonly byte _pad0;
    private readonly ushort _pad1;
}
