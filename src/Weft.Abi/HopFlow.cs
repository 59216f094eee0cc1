using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>The two ends of a packet that is followed; of an encapsulated one those of the inner packet.</summary>
[BtfStruct("weft_hop_flow")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct HopFlow
{
    public WeftAddress Src;
    public WeftAddress Dst;

    /// <summary>ICMP echo: the identifier, here and in <see cref="Dport"/>.</summary>
    public Be16 Sport;

    public Be16 Dport;

    /// <summary>IPPROTO_*.</summary>
    public byte Protocol;

    private readonly byte _pad0;
    private readonly byte _pad1;
    private readonly byte _pad2;
}
