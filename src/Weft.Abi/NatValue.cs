using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Value of map <c>weft_nat</c>: the source that was translated. Times are CLOCK_MONOTONIC seconds.</summary>
[BtfStruct("weft_nat_value")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct NatValue
{
    public WeftAddress OrigAddr;

    /// <summary>Of a service's client: the answer comes from here instead; all zero: no service.</summary>
    public WeftAddress FrontAddr;

    public Be16 OrigPort;
    public Be16 FrontPort;
    public uint Created;
    public uint Expires;
    public uint ServiceId;
    public NatFlags Flags;
    private readonly ushort _pad;
}
