using System.Buffers;

namespace Weft.Events;

/// <summary>Turns events into lines of UTF-8, without allocating per event.</summary>
/// <remarks>Not thread-safe: an implementation may keep scratch space between calls.</remarks>
public interface IEventFormatter
{
    /// <summary>Writes the lines of one event, each with its end; none for events that the format leaves out.</summary>
    void Write(in EventRecord record, IBufferWriter<byte> output);

    /// <summary>Writes what happened to the agent's world.</summary>
    void WriteNotice(AgentNotice notice, IBufferWriter<byte> output);

    /// <summary>Writes that events were counted instead of printed.</summary>
    void WriteFolded(FoldedEvents folded, IBufferWriter<byte> output);

    /// <summary>Writes that events are missing here.</summary>
    void WriteLost(ulong count, LostCause cause, IBufferWriter<byte> output);
}
