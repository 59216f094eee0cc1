using System.Globalization;
using Weft.Bench.Reporting;
using Weft.Bench.Topologies;
using Weft.Bench.Traffic;

namespace Weft.Bench.Measurements;

/// <summary>What containerd waits for when pods come and go, beside the same containerd with Debian's bridge and host-local.</summary>
internal static class RuntimeFigures
{
    public const string Name = "runtime";

    private const string Baseline = "bridge + host-local";
    private const int PodsAtATime = 15;
    private const int Many = 250;
    private const int AtOnce = 8;

    private const double AddMedian = 20;
    private const double AddWorst = 60;
    private const double ManySeconds = 15;

    private static readonly string[] s_operations = ["ADD", "DEL", "pod", "many"];
    private static readonly string[] s_plugins = [RuntimeNode.Weft, RuntimeNode.Bridge];

    public static IEnumerable<Figure> Measure(BenchOptions options, Action<string> progress)
    {
        if (!options.Wants(Name))
        {
            return [];
        }

        progress("a node with containerd");
        using RuntimeNode node = new(options.Weft);
        Dictionary<(string What, string Plugin), Sample> samples = s_operations
            .SelectMany(_ => s_plugins, (what, plugin) => (what, plugin)).ToDictionary(key => key, _ => new Sample());
        for (int repetition = 0; repetition < options.Repetitions; repetition++)
        {
            foreach (string plugin in s_plugins)
            {
                progress($"pods of containerd with {plugin} ({repetition + 1} of {options.Repetitions})");
                node.Use(plugin, timed: true);
                MeasurePods(node, plugin, repetition, samples);
            }
        }

        for (int repetition = 0; repetition < (options.Plan == TrafficPlan.Quick ? 1 : 3); repetition++)
        {
            foreach (string plugin in s_plugins)
            {
                progress($"{Many} pods of containerd with {plugin} ({repetition + 1})");
                node.Use(plugin, timed: false);
                samples[("many", plugin)].Add(node.RunMany(Many, AtOnce));
            }
        }

        return [.. Figures(what => samples[(what, RuntimeNode.Weft)], what => samples[(what, RuntimeNode.Bridge)])];
    }

    private static void MeasurePods(RuntimeNode node, string plugin, int repetition, Dictionary<(string What, string Plugin), Sample> samples)
    {
        List<string> ids = [];
        for (int number = 0; number < PodsAtATime; number++)
        {
            (double time, string id) = node.RunPod(string.Create(CultureInfo.InvariantCulture, $"{plugin}-{repetition}-{number}"));
            samples[("pod", plugin)].Add(time);
            ids.Add(id);
        }

        // Pods live longer than it takes until their programs have links, and cost more to remove then.
        if (plugin == RuntimeNode.Weft)
        {
            node.AwaitLinks(PodsAtATime);
        }

        ids.ForEach(node.RemovePod);

        ILookup<string, double> times = node.TakeTimes();
        foreach (string verb in new[] { "ADD", "DEL" })
        {
            foreach (double time in times[verb])
            {
                samples[(verb, plugin)].Add(time);
            }
        }
    }

    private static IEnumerable<Figure> Figures(Func<string, Sample> weft, Func<string, Sample> baseline)
    {
        foreach (string verb in new[] { "ADD", "DEL" })
        {
            double worst = weft(verb).Percentile(0.99);
            yield return new Figure(Name, $"CNI {verb} p50", "ms", Spread.Of(weft(verb)), Baseline: null, Ratio: null, AddMedian);
            yield return new Figure(Name, $"CNI {verb} p99", "ms", Spread.Single(worst), Baseline: null, Ratio: null, AddWorst);
            yield return new Figure(
                Name, $"CNI {verb} p50", "ms", Spread.Of(weft(verb)), Baseline, Spread.Single(baseline(verb).Median / weft(verb).Median), Target: null);
            yield return new Figure(
                Name, $"CNI {verb} p99", "ms", Spread.Single(worst), Baseline, Spread.Single(baseline(verb).Percentile(0.99) / worst), Target: null);
        }

        yield return new Figure(
            Name, "RunPodSandbox p50", "ms", Spread.Of(weft("pod")), Baseline, Spread.Single(baseline("pod").Median / weft("pod").Median), Target: null);
        yield return new Figure(Name, $"{Many} pods, {AtOnce} at a time", "s", Spread.Of(weft("many")), Baseline: null, Ratio: null, ManySeconds);
        yield return new Figure(
            Name, $"{Many} pods, {AtOnce} at a time", "s", Spread.Of(weft("many")), Baseline, Spread.Of(baseline("many").Over(weft("many"))), Target: null);
    }
}
