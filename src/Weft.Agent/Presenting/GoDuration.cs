using System.Globalization;

namespace Weft.Agent.Presenting;

/// <summary>Durations as Go prints them, which is what users of this API parse.</summary>
internal static class GoDuration
{
    public static string Text(TimeSpan time) => time < TimeSpan.FromMinutes(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m{time.Seconds}s");
}
