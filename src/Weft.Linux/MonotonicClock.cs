using System.Diagnostics;

namespace Weft.Linux;

/// <summary>
/// CLOCK_MONOTONIC: the clock of <c>bpf_ktime_get_ns()</c> and of expiry times in BPF maps. Stands still while the machine sleeps.
/// </summary>
public static class MonotonicClock
{
    // On Linux Stopwatch reads this very clock, in nanoseconds; a test compares them.
    public static ulong Nanoseconds => (ulong)Stopwatch.GetTimestamp();

    public static ulong Seconds => Nanoseconds / 1_000_000_000;

    /// <summary>Wall time of a moment that this clock showed, as exact as the two clocks have kept step since.</summary>
    public static DateTimeOffset ToUtc(ulong nanoseconds, TimeProvider time)
    {
        long ago = (long)(Nanoseconds - nanoseconds);
        return time.GetUtcNow() - TimeSpan.FromTicks(ago / TimeSpan.NanosecondsPerTick);
    }
}
