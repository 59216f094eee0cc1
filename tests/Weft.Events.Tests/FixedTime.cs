namespace Weft.Events.Tests;

/// <summary>The crafted events happen at 03:04:05.123456 (and 789 ns) by this clock.</summary>
internal sealed class FixedTime : TimeProvider
{
    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => 90_000_000_000_000;

    public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
}
