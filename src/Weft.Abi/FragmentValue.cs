using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Value of map <c>weft_fragments</c>: the ports of a datagram's first fragment, or how many others wait for it.</summary>
[BtfStruct("weft_fragment_value")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct FragmentValue
{
    public Be16 Sport;
    public Be16 Dport;

    /// <summary>CLOCK_MONOTONIC seconds of the first packet of the datagram that came.</summary>
    public uint Time;

    /// <summary>Of the sender, if it came by the overlay.</summary>
    public uint Identity;

    /// <summary>Fragments that were put into <c>weft_held</c>, from slot 0 on.</summary>
    public uint Held;

    /// <summary>Non-zero: the first fragment came, the ports are its.</summary>
    public byte Known;

    private readonly byte _pad0;
    private readonly ushort _pad1;
}
