using System.Collections.Concurrent;
using System.Net;
using Weft.Control.Controllers;
using Weft.Control.Health;
using Weft.Model.Nodes;
using Weft.Tests.Shared;

namespace Weft.Control.Tests.Health;

public sealed class HealthProberTests : IAsyncLifetime
{
    private static readonly IPAddress s_up = IPAddress.Parse("192.168.2.61");
    private static readonly IPAddress s_down = IPAddress.Parse("192.168.2.62");
    private static readonly IPAddress s_endpoint = IPAddress.Parse("10.0.1.222");

    private readonly ManualClock _clock = new();
    private readonly ConcurrentQueue<IPAddress> _probed = new();
    private readonly ControllerSet _controllers;
    private readonly HealthProber _prober;
    private volatile IReadOnlyList<ProbedNode> _nodes = [Node("up", s_up)];

    public HealthProberTests()
    {
        _controllers = new ControllerSet(_clock, () => 0);
        HealthProberSetup setup = new() { Nodes = () => _nodes, Icmp = ProbeAsync, Http = ProbeAsync };
        _prober = new HealthProber(setup, _controllers, _clock);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _controllers.DisposeAsync();
        await _prober.DisposeAsync();
    }

    [Fact]
    public void Before_the_first_round_everything_is_unknown()
    {
        Assert.Null(_prober.Report.Time);
        Assert.Equal(new PathHealth(s_up), Assert.Single(Assert.Single(_prober.Report.Nodes).Host));
    }

    [Fact]
    public async Task A_node_that_is_down_is_unknown_until_the_deadline_and_delays_nobody()
    {
        _nodes = [Node("down", s_down), Node("up", s_up)];
        _prober.Start();

        await Eventually.BecomesAsync(
            "the other has answered", () => Task.FromResult(PathTo("up")), path => path is { Icmp: not null, Http: not null });
        Assert.Null(PathTo("up").Icmp!.Error);
        Assert.Equal(new PathHealth(s_down), PathTo("down"));
        _clock.Advance(HealthProber.Deadline);

        PathHealth down = await Eventually.BecomesAsync(
            "the deadline is told", () => Task.FromResult(PathTo("down")), path => path is { Icmp: not null, Http: not null });
        Assert.Equal("no answer", down.Icmp!.Error);
    }

    [Fact]
    public async Task A_hundred_nodes_that_are_down_do_not_delay_the_last_one_to_its_deadline()
    {
        DateTimeOffset start = _clock.GetUtcNow();
        _nodes = [.. Enumerable.Range(0, 100).Select(i => Node($"down{i}", s_down)), Node("up", s_up)];
        _prober.Start();

        await Eventually.BecomesAsync(
            "the last has answered",
            () =>
            {
                _clock.Advance(TimeSpan.FromMilliseconds(10));
                return Task.FromResult(PathTo("up"));
            },
            path => path.Icmp is not null);

        Assert.True(_clock.GetUtcNow() - start < HealthProber.Deadline);
        Assert.All(_prober.Report.Nodes.Where(node => node.Name.Value != "up"), node => Assert.Null(node.Host[0].Icmp));
    }

    [Theory]
    [InlineData(1, 41.6)]
    [InlineData(2, 65.9)]
    [InlineData(1000, 414.5)]
    public void Rounds_are_rarer_the_more_nodes_there_are(int nodes, double seconds) =>
        Assert.Equal(seconds, _prober.IntervalFor(nodes).TotalSeconds, precision: 1);

    [Fact]
    public async Task A_round_follows_after_the_interval()
    {
        await _prober.RunNowAsync(Test);
        int first = _probed.Count;

        _clock.Advance(_prober.IntervalFor(1));

        await Eventually.BecomesAsync("another round", () => Task.FromResult(_probed.Count), count => count == 2 * first);
    }

    [Fact]
    public async Task A_node_that_joins_or_gets_an_endpoint_is_probed_at_once_and_the_others_are_not_again()
    {
        await _prober.RunNowAsync(Test);
        _probed.Clear();

        IPAddress joined = IPAddress.Parse("192.168.2.63");
        _nodes = [.. _nodes, Node("joined", joined)];
        _prober.NodesChanged();
        await Eventually.BecomesAsync("it is probed", () => Task.FromResult(_probed.ToArray()), all => all.Length == 2);
        _nodes = [_nodes[0], Node("joined", joined) with { Endpoint = [s_endpoint] }];
        _prober.NodesChanged();

        IPAddress[] probed = await Eventually.BecomesAsync(
            "and again with its endpoint", () => Task.FromResult(_probed.ToArray()), all => all.Length == 6);
        Assert.DoesNotContain(s_up, probed);
        Assert.Equal(4, probed.Count(joined.Equals));
    }

    [Fact]
    public async Task What_was_found_of_a_node_that_left_is_forgotten()
    {
        await _prober.RunNowAsync(Test);
        IReadOnlyList<ProbedNode> nodes = _nodes;
        _nodes = [];
        await _prober.RunNowAsync(Test);

        _nodes = nodes;

        Assert.Null(PathTo("up").Icmp);
    }

    private static ProbedNode Node(string name, IPAddress address)
    {
        Assert.True(NodeName.TryParse(name, out NodeName? parsed, out _));
        return new ProbedNode(parsed, [address], []);
    }

    private PathHealth PathTo(string node) => _prober.Report.Nodes.Single(one => one.Name.Value == node).Host[0];

    private async Task<ProbeResult> ProbeAsync(IPAddress address, CancellationToken deadline)
    {
        _probed.Enqueue(address);
        if (!address.Equals(s_down))
        {
            return new ProbeResult(TimeSpan.FromMilliseconds(1), null, _clock.GetUtcNow());
        }

        TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = deadline.Register(over.SetResult);
        await over.Task;
        return new ProbeResult(TimeSpan.Zero, "no answer", _clock.GetUtcNow());
    }
}
