using System.Globalization;
using Weft.Bench.Reporting;
using Weft.Bench.Topologies;
using Weft.Bench.Traffic;

namespace Weft.Bench.Measurements;

/// <summary>What services cost when there are many: the same work on nodes with 10, 1,000 and 10,000 of them.</summary>
/// <remarks>The nodes are up side by side and take turns within each repetition, so that drift of the machine hits all alike.</remarks>
internal sealed class ScaleFigures : IDisposable
{
    public const string Name = "scale";

    private const int Runs = 20_000;

    /// <summary>Flat.</summary>
    private const double Target = 0.9;

    private static readonly int[] s_sizes = [10, 1_000, 10_000];

    private const string Connect = "connect at the socket";

    /// <summary>As many get traffic on every node; what differs is how many others there are.</summary>
    private const string ToSome = "to ten";

    /// <summary>All get traffic in turn: with many the CPU's caches do not hold what it needs, as they do with ten.</summary>
    private const string ToAll = "to all";

    private static readonly string[] s_programRows = ["weft_from_pod, new flow", "weft_from_pod", "weft_from_netdev, new flow", "weft_from_netdev"];

    private readonly List<ServiceNode> _nodes = [];
    private readonly Dictionary<(string Row, int Size), Sample> _samples = [];

    private ScaleFigures(BenchOptions options, Action<string> progress)
    {
        string agent = Path.Combine(Path.GetDirectoryName(options.Weft)!, "weft-agent");
        try
        {
            foreach (int size in s_sizes)
            {
                progress($"a node with {Text(size)} services");
                _nodes.Add(new ServiceNode(agent, new ServiceCluster(size)));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public static IEnumerable<Figure> Measure(BenchOptions options, Action<string> progress)
    {
        if (!options.Wants(Name))
        {
            return [];
        }

        using ScaleFigures scale = new(options, progress);
        for (int repetition = 0; repetition < options.Repetitions; repetition++)
        {
            foreach (ServiceNode node in scale._nodes)
            {
                progress($"cost with {Text(node.Services.Count)} services ({repetition + 1} of {options.Repetitions})");
                scale.MeasureOn(node, options.Plan);
            }
        }

        return [.. scale.Figures()];
    }

    public void Dispose()
    {
        foreach (ServiceNode node in _nodes)
        {
            node.Dispose();
        }
    }

    private void MeasureOn(ServiceNode node, TrafficPlan plan)
    {
        int[] all = [.. Enumerable.Range(0, node.Services.Count)];
        int step = node.Services.Count / s_sizes[0];
        MeasureOn(node, ToSome, [.. all.Where(service => service % step == 0)], plan);
        MeasureOn(node, ToAll, all, plan);
    }

    private void MeasureOn(ServiceNode node, string which, IReadOnlyList<int> services, TrafficPlan plan)
    {
        int size = node.Services.Count;
        int runs = plan == TrafficPlan.Quick ? Runs / 10 : Runs;
        (double podFirst, double podNext) = node.FromPod.Measure(services, runs);
        (double netdevFirst, double netdevNext) = node.FromNetdev.Measure(services, runs);
        double[] values = [podFirst, podNext, netdevFirst, netdevNext];
        foreach ((int row, double value) in values.Index())
        {
            Add($"{s_programRows[row]} {which}", size, value);
        }

        if (node.Cgroup is not null)
        {
            using CgroupStay stay = new(node.Cgroup);
            Add($"{Connect} {which}", size, SocketConnects.Measure(node, services, plan));
        }
    }

    private void Add(string row, int size, double value)
    {
        _samples.TryAdd((row, size), new Sample());
        _samples[(row, size)].Add(value);
    }

    private IEnumerable<Figure> Figures() =>
    [
        .. s_programRows.SelectMany(row => FiguresOf(row, "ns", (many, few) => few.Over(many))),
        .. FiguresOf(Connect, "sockets/s", (many, few) => many.Over(few)),
        .. _nodes.Select(node => new Figure(
            Name, $"agent's start until it serves {Text(node.Services.Count)}", "ms", Spread.Single(node.TimeToFill.TotalMilliseconds), Baseline: null, Ratio: null, Target: null)),
    ];

    /// <param name="compare">Gives the ratios of many services to few, more being better.</param>
    private IEnumerable<Figure> FiguresOf(string row, string unit, Func<Sample, Sample, Sample> compare) =>
        from which in new[] { ToSome, ToAll }
        let name = $"{row} {which}"
        where _samples.ContainsKey((name, s_sizes[0]))
        from size in s_sizes[1..]
        let many = _samples[(name, size)]
        let ratio = compare(many, _samples[(name, s_sizes[0])])
        select new Figure(Name, $"{name} of {Text(size)}", unit, Spread.Of(many), $"{s_sizes[0]} services", Spread.Of(ratio), which == ToSome ? Target : null);

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
