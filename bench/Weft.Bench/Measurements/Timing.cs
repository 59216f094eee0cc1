using System.Diagnostics;

namespace Weft.Bench.Measurements;

/// <summary>How long something takes.</summary>
internal static class Timing
{
    public static double Milliseconds(Action action)
    {
        long began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
