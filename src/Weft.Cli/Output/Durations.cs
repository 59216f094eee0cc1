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

    /// <summary>A short time in its own unit, as Go prints it: <c>723.66µs</c>, <c>15.261698ms</c>, <c>1.5s</c>.</summary>
    public static string Nanoseconds(long nanoseconds)
    {
        (double unit, string name) = nanoseconds switch
        {
            < 1_000 => (1, "ns"),
            < 1_000_000 => (1e3, "µs"),
            < 1_000_000_000 => (1e6, "ms"),
            _ => (1e9, "s"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / unit:0.#########}{name}");
    }
}
