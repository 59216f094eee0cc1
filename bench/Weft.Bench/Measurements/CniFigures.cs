using System.Diagnostics;
using Weft.Bench.Reporting;
using Weft.Bench.Topologies;

namespace Weft.Bench.Measurements;

/// <summary>What a container runtime waits for: the plugin from its start to its exit, beside the reference plugins doing the same.</summary>
/// <remarks>The baseline is Debian's <c>ptp</c> with <c>host-local</c>: a veth pair, an address and routes, and no datapath.</remarks>
internal static class CniFigures
{
    public const string Name = "cni";

    private const int Single = 100;
    private const int Many = 250;

    /// <summary>As many pods as kubelet starts at a time on a small node, more or less.</summary>
    private const int AtATime = 10;

    public static IEnumerable<Figure> Measure(BenchOptions options, Action<string> progress)
    {
        if (!options.Wants(Name))
        {
            return [];
        }

        string programs = Path.GetDirectoryName(options.Weft)!;
        using SingleNode node = new(Path.Combine(programs, "weft-agent"), "cni", "10.0.0.0/22");
        using SingleNode other = new(node.AgentProgram, "ptp");
        node.StartAgent();
        CniCaller weft = CniCaller.Weft(Path.Combine(programs, "weft-cni"), node);
        CniCaller reference = CniCaller.Reference(other);
        progress($"{Single} pods by the CNI plugin, one after the other");
        List<Figure> figures = [.. OneByOne(weft, reference)];
        progress($"{Many} pods by the CNI plugin, {AtATime} at a time");
        figures.AddRange(AtOnce(weft, reference));
        return figures;
    }

    private static IEnumerable<Figure> OneByOne(CniCaller weft, CniCaller reference)
    {
        using PodNamespaces pods = new(Single, "cni");
        using PodNamespaces others = new(Single, "ptp");
        (Sample add, Sample addReference) = Pairs(weft, reference, "ADD", pods, others);
        (Sample delete, Sample deleteReference) = Pairs(weft, reference, "DEL", pods, others);
        return [.. Of("ADD", add, addReference), .. Of("DEL", delete, deleteReference)];
    }

    private static (Sample Weft, Sample Reference) Pairs(
        CniCaller weft, CniCaller reference, string verb, PodNamespaces pods, PodNamespaces others)
    {
        (Sample mine, Sample theirs) = (new Sample(), new Sample());
        foreach ((string pod, string other) in pods.Names.Zip(others.Names))
        {
            mine.Add(weft.Time(verb, pod).TotalMilliseconds);
            theirs.Add(reference.Time(verb, other).TotalMilliseconds);
        }

        return (mine, theirs);
    }

    private static IEnumerable<Figure> Of(string verb, Sample time, Sample reference) =>
    [
        new Figure(Name, $"{verb} p50", "ms", Spread.Of(time), Baseline: null, Ratio: null, Target: 20),
        new Figure(Name, $"{verb} p99 of {Single}", "ms", Spread.Single(time.Percentile(0.99)), Baseline: null, Ratio: null, Target: 60),
        new Figure(Name, verb, "ms", Spread.Of(time), "ptp + host-local", Spread.Of(reference.Over(time)), Target: null),
    ];

    private static IEnumerable<Figure> AtOnce(CniCaller weft, CniCaller reference)
    {
        using PodNamespaces pods = new(Many, "many");
        using PodNamespaces others = new(Many, "manyptp");
        double add = Seconds(weft, "ADD", pods);
        double addReference = Seconds(reference, "ADD", others);
        double delete = Seconds(weft, "DEL", pods);
        double deleteReference = Seconds(reference, "DEL", others);
        return
        [
            new Figure(Name, $"{Many} pods, {AtATime} at a time", "s", Spread.Single(add), Baseline: null, Ratio: null, Target: 15),
            new Figure(Name, $"{Many} pods, ADD", "s", Spread.Single(add), "ptp + host-local", Spread.Single(addReference / add), Target: null),
            new Figure(
                Name, $"{Many} pods, DEL", "s", Spread.Single(delete), "ptp + host-local", Spread.Single(deleteReference / delete), Target: null),
        ];
    }

    private static double Seconds(CniCaller caller, string verb, PodNamespaces pods)
    {
        long begin = Stopwatch.GetTimestamp();
        Parallel.ForEach(pods.Names, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, pod => caller.Time(verb, pod));
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}
