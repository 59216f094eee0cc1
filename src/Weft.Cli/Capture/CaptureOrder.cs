using System.Diagnostics.CodeAnalysis;
using Weft.Events.Hops;

namespace Weft.Cli.Capture;

/// <summary>Puts packets of several nodes and CPUs in order of time, for which it holds each back a moment.</summary>
internal sealed class CaptureOrder(TimeProvider clock)
{
    private const int Most = 4096;

    private readonly PriorityQueue<(Sighting Seen, long Arrival), ulong> _held = new();

    /// <summary>How long a packet is held back, unless there are too many.</summary>
    public static TimeSpan Hold { get; } = TimeSpan.FromMilliseconds(50);

    public bool IsEmpty => _held.Count == 0;

    public void Add(Sighting seen) => _held.Enqueue((seen, clock.GetTimestamp()), seen.UnixTime);

    /// <summary>The earliest, if it was held long enough.</summary>
    /// <param name="all">Whether or not it was.</param>
    public bool TryTake(bool all, [NotNullWhen(true)] out Sighting? seen)
    {
        bool isDue = _held.TryPeek(out (Sighting Seen, long Arrival) first, out _) && (all || _held.Count > Most || clock.GetElapsedTime(first.Arrival) >= Hold);
        seen = isDue ? _held.Dequeue().Seen : null;
        return isDue;
    }
}
