using System.Globalization;

namespace Weft.Cli.Output;

/// <summary>Times as people read them: <c>1h5m3s</c>, <c>40s ago</c>, <c>never</c>.</summary>
internal static class Durations
{
    public static string Ago(DateTimeOffset time, TimeProvider clock) =>
        time == default ? "never" : $"{Text(clock.GetUtcNow() - time)} ago";

    /// <summary>Whole seconds, larger units first; a negative duration keeps its sign.</summary>
    public static string Text(TimeSpan duration)
    {
        long seconds = (long)Math.Round(duration.TotalSeconds);
        string sign = seconds < 0 ? "-" : "";
        TimeSpan whole = TimeSpan.FromSeconds(Math.Abs(seconds));
        return sign + (long)whole.TotalHours switch
        {
            > 0 and long hours => string.Create(CultureInfo.InvariantCulture, $"{hours}h{whole.Minutes}m{whole.Seconds}s"),
            _ when whole.Minutes > 0 => string.Create(CultureInfo.InvariantCulture, $"{whole.Minutes}m{whole.Seconds}s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{whole.Seconds}s"),
        };
    }
}
