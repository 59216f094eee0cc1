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

    /// <summary>One record of a tracer: <see cref="Weft.Abi.HopEvent"/>.</summary>
    Hop = 4,

    /// <summary><see cref="TracingNames"/> as JSON; the first of its kind says that packets are followed from now on.</summary>
    Tracing = 5,

    /// <summary>Names of functions by their address in hexadecimal, as JSON; before the records whose stacks have them.</summary>
    Symbols = 6,

    /// <summary><see cref="AgentNotice"/> as JSON.</summary>
    Notice = 7,

    /// <summary><see cref="TracedFunctions"/> as JSON; before the first of kind tracing.</summary>
    Functions = 8,

    /// <summary><see cref="RuleName"/> as JSON; before the first record that carries the number, and again when the name is another.</summary>
    Rule = 9,
}
