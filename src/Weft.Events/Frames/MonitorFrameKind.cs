namespace Weft.Events;

/// <summary>What the payload of a frame in a monitor stream is.</summary>
public enum MonitorFrameKind : byte
{
    /// <summary>One record of the ring buffer, as it is.</summary>
    Record = 1,

    /// <summary>Events are missing here: count (u64), cause (u8).</summary>
    Lost = 2,

    /// <summary><see cref="MonitorNames"/> as JSON.</summary>
    Names = 3,
}
