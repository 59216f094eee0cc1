using System.Globalization;
using Weft.Tests.Shared;

namespace Weft.Linux.Tests;

public class MonotonicClockTests
{
    [Fact]
    public void It_is_the_kernels_monotonic_clock()
    {
        ulong before = MonotonicClock.Nanoseconds;
        string kernels = Tool.Run("python3", "-c", "import time; print(time.clock_gettime_ns(time.CLOCK_MONOTONIC))");
        ulong after = MonotonicClock.Nanoseconds;

        Assert.InRange(ulong.Parse(kernels, CultureInfo.InvariantCulture), before, after);
    }

    [Fact]
    public void Moment_of_it_becomes_wall_time()
    {
        DateTimeOffset now = DateTimeOffset.UnixEpoch.AddDays(1);
        ulong anHourAgo = MonotonicClock.Nanoseconds - 3_600_000_000_000;

        DateTimeOffset then = MonotonicClock.ToUtc(anHourAgo, new FixedTime(now));

        Assert.InRange(now - then, TimeSpan.FromHours(1), TimeSpan.FromHours(1) + TimeSpan.FromSeconds(5));
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    [Fact]
    public void The_offset_turns_this_clock_into_unix_time()
    {
        long before = DateTimeOffset.UtcNow.Ticks;
        long unix = (long)MonotonicClock.Nanoseconds + MonotonicClock.UnixOffset();
        long after = DateTimeOffset.UtcNow.Ticks;

        long slack = TimeSpan.TicksPerMillisecond;
        Assert.InRange(DateTimeOffset.UnixEpoch.Ticks + (unix / TimeSpan.NanosecondsPerTick), before - slack, after + slack);
    }
}
