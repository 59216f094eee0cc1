using Weft.Bench.Reporting;
using Weft.Bench.Topologies;
using Weft.Bpf;
using Weft.Bpf.Links;

namespace Weft.Bench.Measurements;

/// <summary>Where the datapath's own time goes: nanoseconds a run of each program, as the kernel counts them, while traffic flows.</summary>
/// <remarks>The counting (<c>kernel.bpf_stats_enabled</c>) costs about 20 ns a run itself, so it is on for these figures only.</remarks>
internal static class ProgramFigures
{
    public const string Name = "programs";
    private const int MostRepetitions = 3;
    private const string StatisticsSwitch = "/proc/sys/kernel/bpf_stats_enabled";

    public static IEnumerable<Figure> Measure(BenchOptions options, WeftLab lab, Action<string> progress)
    {
        if (!options.Wants(Name))
        {
            return [];
        }

        string before = File.ReadAllText(StatisticsSwitch);
        File.WriteAllText(StatisticsSwitch, "1");
        try
        {
            lab.ApplyService();
            (string Row, TrafficPath Path)[] traffic =
            [
                ("udp-64", new("", lab.Pods)), ("tcp-1", new("", lab.Pods)), ("tcp-crr", new("", lab.Pods)),
                ("tcp-1", new(" on one node", lab.SameNode)), ("tcp-rr", new(" on one node", lab.SameNode)),
                ("tcp-1", new(" to a node port", lab.FromOutside)), ("tcp-crr", new(" to a node port", lab.FromOutside)),
                ("tcp-crr", new(" to a service by packet", lab.Service)), ("tcp-crr", new(" to the world", lab.ToOutside)),
            ];
            return [.. traffic.SelectMany(each => Run(options, lab, DatapathRow.Named(each.Row)[0], each.Path, progress))];
        }
        finally
        {
            File.WriteAllText(StatisticsSwitch, before);
        }
    }

    private static IEnumerable<Figure> Run(BenchOptions options, WeftLab lab, DatapathRow row, TrafficPath path, Action<string> progress)
    {
        Dictionary<string, Sample> samples = [];
        for (int repetition = 0; repetition < Math.Min(options.Repetitions, MostRepetitions); repetition++)
        {
            progress($"time in the programs under {row.Name}{path.Name} ({repetition + 1})");
            Dictionary<string, (double Time, ulong Count)> before = Read(lab);
            row.Measure(path.Pods, options.Plan);
            foreach ((string program, (double time, ulong count)) in Read(lab))
            {
                if (count > before[program].Count)
                {
                    samples.TryAdd(program, new Sample());
                    samples[program].Add((time - before[program].Time) / (count - before[program].Count));
                }
            }
        }

        return samples.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new Figure(Name, $"{pair.Key} under {row.Name}{path.Name}", "ns/packet", Spread.Of(pair.Value), Baseline: null, Ratio: null, Target: null));
    }

    private static Dictionary<string, (double Time, ulong Count)> Read(WeftLab lab)
    {
        Dictionary<string, (double Time, ulong Count)> totals = [];
        foreach (string node in WeftLab.Nodes)
        {
            HashSet<BpfProgramId> seen = [];
            foreach (string pin in Directory.EnumerateFiles(Path.Combine(lab.Paths.BpfRoot(node), "links")))
            {
                using BpfLink link = BpfLink.OpenPinned(pin);
                BpfProgramId id = link.GetInfo().ProgramId;
                if (!seen.Add(id))
                {
                    continue;
                }

                using BpfProgram program = BpfProgram.OpenById(id);
                BpfProgramInfo info = program.GetInfo();
                (double time, ulong count) = totals.GetValueOrDefault(info.Name);
                totals[info.Name] = (time + info.RunTime.TotalNanoseconds, count + info.RunCount);
            }
        }

        return totals;
    }
}
