using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Value of map <c>weft_held</c>: the whole frame of a fragment that waits.</summary>
[BtfStruct("weft_held", Opaque = true)]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct HeldFrame
{
    public uint Length;
    public Bytes Frame;

    /// <summary>From the Ethernet header on; the first <see cref="Length"/> count.</summary>
    [InlineArray((int)FragmentLimits.HeldFrame)]
    public struct Bytes
    {
        private byte _first;
    }
}
