using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>A packet passed a trace point. Followed by <see cref="LenCap"/> bytes of it.</summary>
[BtfStruct("weft_trace_event")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct TraceRecord
{
    public EventHeader Header;
    public uint LenOrig;
    public ushort LenCap;
    public ConntrackState Reason;
    public TraceFlags Flags;
    public uint SrcIdentity;
    public uint DstIdentity;
    public ushort DstId;
    private readonly ushort _pad;
    public uint IfIndex;

    /// <summary>Source before translation; none: the same.</summary>
    public WeftAddress OrigAddr;
}
