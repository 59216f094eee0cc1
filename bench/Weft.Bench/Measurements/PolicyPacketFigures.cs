using Weft.Bench.Reporting;
using Weft.Bench.Topologies;
using Weft.Bench.Traffic;
using Weft.Bpf;
using Weft.Policy.Resolution;

namespace Weft.Bench.Measurements;

/// <summary>Nanoseconds of a packet in the two programs that ask for policy, without a table and with small and large ones.</summary>
/// <remarks>The pod's table is another one in each turn and all else stays, so whatever differs is the table's.</remarks>
internal sealed class PolicyPacketFigures
{
    private const int Packets = 40_000;
    private const int Flows = 10_000;

    /// <summary>Flat.</summary>
    private const double Target = 0.9;

    private const string NoPolicy = "no policy";
    private const string OnePeer = "1 peer";
    private const string SomePeers = "100 peers";
    private const string AllPeers = "10,000 peers";
    private const string AllPorts = "1 peer, 10,000 ports";

    private const string Established = "established";
    private const string First = "first packet";

    /// <summary>Flows are to all peers in turn, so the CPU's caches hold neither their elements nor those of other maps.</summary>
    private const string ToPeers = "first packet, to all peers in turn";
    private const string ToPorts = "first packet, to all ports in turn";

    private static readonly string[] s_rows = [Established, First, ToPeers, ToPorts];
    private static readonly string[] s_tables = [NoPolicy, OnePeer, SomePeers, AllPeers, AllPorts];
    private static readonly string[] s_programs = ["weft_from_pod", "weft_from_overlay"];

    private readonly PolicyDatapath _node;
    private readonly int _packets;
    private readonly int _flows;
    private readonly Dictionary<(string Program, string Row, string Table), Sample> _samples = [];

    private PolicyPacketFigures(PolicyDatapath node, TrafficPlan plan)
    {
        _node = node;
        _packets = plan == TrafficPlan.Quick ? Packets / 10 : Packets;
        _flows = plan == TrafficPlan.Quick ? Flows / 10 : Flows;
    }

    public static IEnumerable<Figure> Measure(BenchOptions options, Action<string> progress)
    {
        progress("a datapath with 10,000 peers");
        using PolicyDatapath node = new(Path.Combine(Path.GetDirectoryName(options.Weft)!, "weft-agent"));
        (string Name, PolicyTable Table)[] tables =
        [
            (NoPolicy, PolicyTable.Empty),
            (OnePeer, PolicyDatapath.TableOfPeers(1)),
            (SomePeers, PolicyDatapath.TableOfPeers(100)),
            (AllPeers, PolicyDatapath.TableOfPeers(PolicyDatapath.Peers)),
            (AllPorts, PolicyDatapath.TableOfPorts()),
        ];
        PolicyPacketFigures figures = new(node, options.Plan);
        for (int repetition = 0; repetition < options.Repetitions; repetition++)
        {
            foreach ((string name, PolicyTable table) in repetition % 2 == 0 ? tables : tables.Reverse())
            {
                progress($"packets with {name} ({repetition + 1} of {options.Repetitions})");
                node.Give(table);
                figures.MeasureWith(name, s_programs[0], node.FromPod);
                figures.MeasureWith(name, s_programs[1], node.FromOverlay);
            }
        }

        return [.. s_programs.SelectMany(figures.FiguresOf), .. Swaps(options, node, progress)];
    }

    private void MeasureWith(string table, string program, PolicyRuns runs)
    {
        Add(program, Established, table, runs.Established(_packets));
        AddFirst(First, static _ => 0, static _ => PolicyDatapath.CommonPort);
        if (table is NoPolicy or AllPeers)
        {
            AddFirst(ToPeers, static flow => flow % PolicyDatapath.Peers, static _ => PolicyDatapath.CommonPort);
        }

        if (table is NoPolicy or AllPorts)
        {
            AddFirst(ToPorts, static _ => 0, static flow => PolicyDatapath.PortAt(flow % PolicyDatapath.Ports));
        }

        void AddFirst(string row, Func<int, int> peerOf, Func<int, ushort> portOf)
        {
            _node.ForgetFlows();
            Add(program, row, table, runs.First(_flows, peerOf, portOf));
        }
    }

    private void Add(string program, string row, string table, double value)
    {
        _samples.TryAdd((program, row, table), new Sample());
        _samples[(program, row, table)].Add(value);
    }

    private IEnumerable<Figure> FiguresOf(string program)
    {
        foreach (string row in s_rows)
        {
            yield return new Figure(
                PolicyFigures.Name, $"{program}, {row}, {NoPolicy}", "ns", Spread.Of(_samples[(program, row, NoPolicy)]), Baseline: null, Ratio: null, Target: null);
            foreach (string table in s_tables.Where(table => table != NoPolicy && _samples.ContainsKey((program, row, table))))
            {
                yield return FigureOf(program, row, table, NoPolicy, target: null);
                if (table is (AllPeers or AllPorts) && row is not (ToPeers or ToPorts))
                {
                    yield return FigureOf(program, row, table, OnePeer, Target);
                }
            }
        }
    }

    private Figure FigureOf(string program, string row, string table, string baseline, double? target)
    {
        Sample value = _samples[(program, row, table)];
        Sample ratio = _samples[(program, row, baseline)].Over(value);
        return new Figure(PolicyFigures.Name, $"{program}, {row}, {table}", "ns", Spread.Of(value), baseline, Spread.Of(ratio), target);
    }

    /// <summary>A table as a whole into the place of another, and how much of that is the kernel's wait for an RCU grace period.</summary>
    private static IEnumerable<Figure> Swaps(BenchOptions options, PolicyDatapath node, Action<string> progress)
    {
        const int count = 100;
        progress("tables swapped");
        PolicyTable table = PolicyDatapath.TableOfPeers(1);
        PolicyTable large = PolicyDatapath.TableOfPeers(PolicyDatapath.Peers);
        using ProgramBarrier barrier = new();
        Sample swap = new();
        Sample bare = new();
        Sample ofLarge = new();
        for (int number = 0; number < count; number++)
        {
            bare.Add(Timing.Milliseconds(barrier.Wait));
            swap.Add(Timing.Milliseconds(() => node.Give(table)));
            if (number < options.Repetitions)
            {
                ofLarge.Add(Timing.Milliseconds(() => node.Give(large)));
            }
        }

        return
        [
            new Figure(PolicyFigures.Name, "swap of a table of 1 peer", "ms", Spread.Of(swap), "the kernel's wait alone", Spread.Of(bare.Over(swap)), Target: null),
            new Figure(PolicyFigures.Name, "the kernel's wait alone (a map put into a map)", "ms", Spread.Of(bare), Baseline: null, Ratio: null, Target: null),
            new Figure(PolicyFigures.Name, "swap of a table of 10,000 peers", "ms", Spread.Of(ofLarge), Baseline: null, Ratio: null, Target: null),
        ];
    }
}
