namespace Weft.Cli.Trace;

/// <summary>What <c>weft trace kernel</c> shows of time.</summary>
internal enum KernelTimes
{
    None = 0,

    /// <summary>Time of day at which the line is written.</summary>
    Current = 1,

    /// <summary>Since the same packet was seen before.</summary>
    Relative = 2,

    /// <summary>Of the node's CLOCK_MONOTONIC.</summary>
    Absolute = 3,
}
