namespace Weft.Events;

/// <summary>Events of one flow that were counted instead of printed.</summary>
/// <param name="Count">Events.</param>
/// <param name="Bytes">Sum of their packets' lengths.</param>
/// <param name="First">Time of the first, CLOCK_MONOTONIC nanoseconds.</param>
/// <param name="Last">Time of the last, CLOCK_MONOTONIC nanoseconds.</param>
/// <param name="Sample">The last one as it was.</param>
public sealed record FoldedEvents(ulong Count, ulong Bytes, ulong First, ulong Last, ReadOnlyMemory<byte> Sample);
