using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Begins every record in the ring buffer <c>weft_events</c>.</summary>
[BtfStruct("weft_event_header")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct EventHeader
{
    public EventType Type;

    /// <summary>A <see cref="DropReason"/>, <see cref="DebugMessage"/>, capture point or <see cref="TracePoint"/>, by type.</summary>
    public byte Subtype;

    /// <summary>Endpoint id; 0: none.</summary>
    public ushort Source;

    /// <summary>skb->hash: the same for all packets of a flow.</summary>
    public uint Hash;

    /// <summary>CLOCK_MONOTONIC nanoseconds.</summary>
    public ulong Time;

    /// <summary>skb->mark.</summary>
    public uint Mark;

    public ushort Cpu;
    private readonly ushort _pad;
}
