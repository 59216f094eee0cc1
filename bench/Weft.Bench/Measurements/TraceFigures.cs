using System.Diagnostics;
using Weft.Bench.Reporting;
using Weft.Bench.Topologies;

namespace Weft.Bench.Measurements;

/// <summary>How long a trace takes, and what it costs those whose packets are not traced.</summary>
internal static class TraceFigures
{
    public const string Name = "trace";

    /// <summary>Seconds.</summary>
    private const double Answered = 2;

    public static IEnumerable<Figure> Measure(BenchOptions options, WeftLab lab, Action<string> progress)
    {
        if (!options.Wants(Name))
        {
            yield break;
        }

        Sample time = new();
        for (int repetition = 0; repetition < options.Repetitions; repetition++)
        {
            progress($"a ping traced ({repetition + 1} of {options.Repetitions})");
            long began = Stopwatch.GetTimestamp();
            lab.TracePing();
            time.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        yield return new Figure(Name, "weft trace of a ping between nodes", "s", Spread.Of(time), Baseline: null, Ratio: null, Answered);
        foreach (DatapathRow row in DatapathRow.Named("tcp-1", "udp-64", "tcp-rr"))
        {
            Sample alone = new();
            Sample beside = new();
            for (int repetition = 0; repetition < options.Repetitions; repetition++)
            {
                progress($"{row.Name} without and beside a trace ({repetition + 1} of {options.Repetitions})");
                alone.Add(row.Measure(lab.Pods, options.Plan));
                using Process trace = lab.FollowOthers();
                beside.Add(row.Measure(lab.Pods, options.Plan));
                trace.Kill();
                trace.WaitForExit();
            }

            yield return new Figure(Name, $"{row.Name} while a trace follows others", row.Unit, Spread.Of(beside), "nobody traces", Spread.Of(row.Ratio(beside, alone)), Target: null);
        }
    }
}
