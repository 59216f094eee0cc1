using System.Collections.Immutable;
using System.Net;
using Weft.Control.Controllers;
using Weft.Model.Nodes;

namespace Weft.Control.Health;

/// <summary>Probes every node and every health endpoint of the cluster, this node's own included, by ICMP and by HTTP.</summary>
/// <remarks>
/// Probes do not wait for each other: a round starts so many in a short time and each has its deadline, so a node that is down delays
/// nobody's result, and the number of probes under way is bounded all the same. Each result is in the report as soon as it is there;
/// until then that of the round before stays. Two controllers run: one for rounds, one for nodes that joined since.
/// </remarks>
internal sealed class HealthProber : IAsyncDisposable
{
    public const string ControllerName = "health-probe";
    public const string JoinedControllerName = "health-probe-joined";

    /// <summary>Longest wait for an answer.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Factor of the interval; Cilium's (10 + 100 × 0.5) s.</summary>
    private static readonly TimeSpan s_baseInterval = TimeSpan.FromSeconds(60);

    /// <summary>So many addresses are probed at once, then comes a pause: at most 500 probes a second, 5,000 under way.</summary>
    private const int BatchSize = 25;

    private static readonly TimeSpan s_batchPause = TimeSpan.FromMilliseconds(100);

    private readonly HealthProberSetup _setup;
    private readonly TimeProvider _clock;
    private readonly Controller _rounds;
    private readonly Controller _joined;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private ImmutableDictionary<Target, PathHealth> _paths = ImmutableDictionary<Target, PathHealth>.Empty;
    private DateTimeOffset? _roundBegan;

    public HealthProber(HealthProberSetup setup, ControllerSet controllers, TimeProvider clock)
    {
        _setup = setup;
        _clock = clock;
        _timer = clock.CreateTimer(
            _ => controllers.Find(ControllerName)?.Trigger(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _rounds = controllers.Start(new ControllerSpec(ControllerName, RunRoundAsync) { RunAtStart = false });
        _joined = controllers.Start(new ControllerSpec(JoinedControllerName, ProbeJoinedAsync) { RunAtStart = false });
    }

    /// <summary>Sends one probe.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="deadline">Cancelled when the answer is not waited for any longer: the result says that none came.</param>
    /// <returns>Also for whatever fails: a probe throws nothing.</returns>
    internal delegate Task<ProbeResult> Probe(IPAddress address, CancellationToken deadline);

    public HealthReport Report
    {
        get
        {
            IReadOnlyList<ProbedNode> nodes = _setup.Nodes();
            lock (_lock)
            {
                return new HealthReport
                {
                    Time = _roundBegan,
                    Interval = IntervalFor(nodes.Count),
                    Nodes = [.. nodes.Select(node => new NodeHealth(node.Name)
                    {
                        Host = [.. node.Host.Select(address => PathTo(new Target(node.Name, address)))],
                        Endpoint = [.. node.Endpoint.Select(address => PathTo(new Target(node.Name, address)))],
                    })],
                };
            }
        }
    }

    /// <summary>Begins the first round; before, the node itself does not answer yet.</summary>
    public void Start() => _rounds.Trigger();

    /// <summary>Nodes or their addresses may have changed: those that were not probed before are, at once.</summary>
    public void NodesChanged() => _joined.Trigger();

    /// <summary>Probes everything now, and returns when all results are there.</summary>
    public Task RunNowAsync(CancellationToken cancellationToken) => _rounds.RunNowAsync(cancellationToken);

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    /// <summary>The more nodes there are, the more seldom each probes all of them, so that the load on a node grows slowly.</summary>
    internal TimeSpan IntervalFor(int nodes) => _setup.Interval ?? s_baseInterval * Math.Log(1 + nodes);

    private async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ProbedNode> nodes = _setup.Nodes();
        lock (_lock)
        {
            _roundBegan = _clock.GetUtcNow();
        }

        Keep(nodes);
        await ProbeAsync(nodes, cancellationToken).ConfigureAwait(false);
        _timer.Change(IntervalFor(nodes.Count), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Nodes that joined, and nodes of which an address is new, with all their addresses.</summary>
    /// <remarks>A node's agent tells of its health endpoint when it answers everywhere: what failed until then is probed again.</remarks>
    private Task ProbeJoinedAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ProbedNode> nodes = _setup.Nodes();
        HashSet<NodeName> joined = Keep(nodes);
        return ProbeAsync([.. nodes.Where(node => joined.Contains(node.Name))], cancellationToken);
    }

    /// <summary>Forgets what is known of addresses that are none of these nodes' any more.</summary>
    /// <returns>Names of the nodes that have an address of which nothing was known.</returns>
    private HashSet<NodeName> Keep(IReadOnlyList<ProbedNode> nodes)
    {
        lock (_lock)
        {
            HashSet<Target> all = [.. nodes.SelectMany(TargetsOf)];
            Target[] added = [.. all.Where(target => !_paths.ContainsKey(target))];
            _paths = _paths.RemoveRange(_paths.Keys.Where(known => !all.Contains(known)))
                .AddRange(added.Select(target => KeyValuePair.Create(target, new PathHealth(target.Address))));
            return [.. added.Select(target => target.Node)];
        }
    }

    private async Task ProbeAsync(IReadOnlyList<ProbedNode> nodes, CancellationToken cancellationToken)
    {
        List<Task> running = [];
        foreach (Target[] batch in nodes.SelectMany(TargetsOf).Distinct().Chunk(BatchSize))
        {
            if (running.Count > 0)
            {
                await Task.Delay(s_batchPause, _clock, cancellationToken).ConfigureAwait(false);
            }

            foreach (Target target in batch)
            {
                running.Add(ProbeAsync(target, _setup.Icmp, (path, result) => path with { Icmp = result }, cancellationToken));
                running.Add(ProbeAsync(target, _setup.Http, (path, result) => path with { Http = result }, cancellationToken));
            }
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private async Task ProbeAsync(
        Target target, Probe probe, Func<PathHealth, ProbeResult, PathHealth> enter, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(Deadline, _clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        ProbeResult result = await probe(target.Address, either.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            // Of a node that left meanwhile nobody wants to know.
            if (_paths.TryGetValue(target, out PathHealth? path))
            {
                _paths = _paths.SetItem(target, enter(path, result));
            }
        }
    }

    private PathHealth PathTo(Target target) => _paths.GetValueOrDefault(target) ?? new PathHealth(target.Address);

    private static IEnumerable<Target> TargetsOf(ProbedNode node) => node.Addresses.Select(address => new Target(node.Name, address));

    private readonly record struct Target(NodeName Node, IPAddress Address);
}
