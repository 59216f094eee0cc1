namespace Weft.Abi;

/// <summary>What the captured bytes of a trace event are.</summary>
[Flags]
[BtfEnum("weft_trace_flags")]
public enum TraceFlags : byte
{
    None = 0,
    IPv6 = 1 << 0,

    /// <summary>There is no Ethernet header.</summary>
    L3Device = 1 << 1,

    /// <summary>The bytes begin with the outer Ethernet header of a VXLAN packet.</summary>
    Vxlan = 1 << 2,
}
