using System.Runtime.InteropServices;
using Weft.Abi;

namespace Weft.Datapath.Events;

/// <summary>The three facts of a record that decide who gets it.</summary>
internal readonly record struct EventPeek(EventMask Kind, ushort Source, ushort Destination)
{
    public static bool TryRead(ReadOnlySpan<byte> record, out EventPeek peek)
    {
        if (!MemoryMarshal.TryRead(record, out EventHeader header))
        {
            peek = default;
            return false;
        }

        peek = header.Type switch
        {
            EventType.Drop => new(
                EventMask.Drop, header.Source, MemoryMarshal.TryRead(record, out DropRecord drop) ? drop.DstId : (ushort)0),
            EventType.Trace => new(
                EventMask.Trace, header.Source, MemoryMarshal.TryRead(record, out TraceRecord trace) ? trace.DstId : (ushort)0),
            EventType.Debug => new(EventMask.Debug, header.Source, 0),
            EventType.Capture => new(EventMask.Capture, header.Source, 0),
            // Its source is the endpoint that judged, whichever way the packet goes.
            EventType.Policy => new(EventMask.Policy, header.Source, 0),
            _ => default,
        };
        return true;
    }
}
