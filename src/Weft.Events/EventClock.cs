namespace Weft.Events;

/// <summary>Turns the time of events (CLOCK_MONOTONIC nanoseconds) into the time of day.</summary>
/// <remarks>
/// Both clocks are compared when the object is made, so it must be made on the machine that the events come from
/// (<see cref="TimeProvider.GetTimestamp"/> is the same clock on Linux), and steps of the time of day after that are not seen.
/// </remarks>
public sealed class EventClock
{
    private readonly DateTimeOffset _zero;

    public EventClock(TimeProvider time)
    {
        _zero = time.GetUtcNow() - time.GetElapsedTime(0, time.GetTimestamp());
    }

    public DateTimeOffset ToUtc(ulong monotonicNanoseconds) => _zero.AddTicks((long)(monotonicNanoseconds / 100));
}
