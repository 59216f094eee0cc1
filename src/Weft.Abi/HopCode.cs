using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>One instruction of classic BPF, as <c>struct sock_filter</c> of linux/filter.h.</summary>
[BtfStruct("weft_hop_code")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct HopCode
{
    public ushort Code;

    /// <summary>Instructions to skip where the condition holds.</summary>
    public byte Jt;

    /// <summary>... and where not.</summary>
    public byte Jf;

    public uint K;
}
