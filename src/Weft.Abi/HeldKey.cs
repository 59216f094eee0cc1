using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Key of map <c>weft_held</c>: a fragment that waits for the first one of its datagram.</summary>
[BtfStruct("weft_held_key")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct HeldKey
{
    public FragmentKey Datagram;
    public uint Slot;
}
