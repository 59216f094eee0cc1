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

    /// <summary>What is to be added to this clock's nanoseconds for nanoseconds of Unix time, now.</summary>
    /// <remarks>Of several readings the one that took least: a thread that is put aside between the two clocks is off by as much.</remarks>
    public static long UnixOffset()
    {
        long best = 0;
        ulong shortest = ulong.MaxValue;
        for (int reading = 0; reading < 16; reading++)
        {
            ulong before = Nanoseconds;
            long unix = (DateTimeOffset.UtcNow.Ticks - DateTimeOffset.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;
            ulong took = Nanoseconds - before;
            if (took < shortest)
            {
                shortest = took;
                best = unix - (long)(before + (took / 2));
            }
        }

        return best;
    }

    /// <summary>Wall time of a moment that this clock showed, as exact as the two clocks have kept step since.</summary>
    public static DateTimeOffset ToUtc(ulong nanoseconds, TimeProvider time)
    {
        long ago = (long)(Nanoseconds - nanoseconds);
        return time.GetUtcNow() - TimeSpan.FromTicks(ago / TimeSpan.NanosecondsPerTick);
    }
}
