using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Value of map <c>weft_affinity</c>.</summary>
[BtfStruct("weft_affinity")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct AffinityValue
{
    public uint BackendId;

    /// <summary>CLOCK_MONOTONIC seconds.</summary>
    public uint Used;
}
