using System.Runtime.InteropServices;
using Weft.Abi;

namespace Datapath.Harness;

/// <summary>A record of the ring buffer: its header, fixed part and captured bytes.</summary>
internal sealed class Event(byte[] record)
{
    public EventHeader Header => MemoryMarshal.Read<EventHeader>(record);

    public EventType Type => Header.Type;

    public TraceRecord Trace => MemoryMarshal.Read<TraceRecord>(record);

    public DropRecord Drop => MemoryMarshal.Read<DropRecord>(record);

    public DebugRecord Debug => MemoryMarshal.Read<DebugRecord>(record);

    public CaptureRecord Capture => MemoryMarshal.Read<CaptureRecord>(record);

    public PolicyRecord Policy => MemoryMarshal.Read<PolicyRecord>(record);

    public byte[] Captured => record[FixedSize()..];

    /// <summary>Type and subtype with what the test rows are about, such as <c>trace ToOverlay New from 3663</c>.</summary>
    public override string ToString() => Type switch
    {
        EventType.Drop => $"drop {(DropReason)Header.Subtype} from {Header.Source}",
        EventType.Debug => $"debug {(DebugMessage)Header.Subtype} {Debug.Arg1} {Debug.Arg2} {Debug.Arg3} from {Header.Source}",
        EventType.Capture => $"capture {(CapturePoint)Header.Subtype} {Capture.Arg1} from {Header.Source}",
        EventType.Trace => $"trace {(TracePoint)Header.Subtype} {Trace.Reason} from {Header.Source}",
        EventType.Policy => $"policy {Policy.Direction} {(PolicyVerdictCode)Header.Subtype} peer {Policy.Peer} {Policy.Port}/{Policy.Proto} {Policy.Flags} from {Header.Source}",
        _ => $"event of unknown type {(byte)Type}",
    };

    private int FixedSize() => Type switch
    {
        EventType.Drop => Marshal.SizeOf<DropRecord>(),
        EventType.Debug => Marshal.SizeOf<DebugRecord>(),
        EventType.Capture => Marshal.SizeOf<CaptureRecord>(),
        EventType.Policy => Marshal.SizeOf<PolicyRecord>(),
        _ => Marshal.SizeOf<TraceRecord>(),
    };
}
