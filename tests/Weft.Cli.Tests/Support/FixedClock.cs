namespace Weft.Cli.Tests.Support;

/// <summary>A clock that stands: 2026-11-22T20:45:00Z, 5000 s after the machine's start.</summary>
internal sealed class FixedClock : TimeProvider
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 20, 45, 0, TimeSpan.Zero);

    public override long TimestampFrequency => 1_000_000_000;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => 5000 * TimestampFrequency;
}
