using System.Net;
using Weft.Control.Nodes;
using Weft.Model.Addressing;
using Weft.Model.Nodes;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;
using Weft.Tests.Shared;

namespace Weft.Control.Tests.Nodes;

public sealed class NodeRegistrationTests : IAsyncLifetime
{
    private static readonly NodeRecord s_east = Node("east", "192.168.2.61", "10.0.1.0/24");
    private static readonly NodeRecord s_west = Node("west", "192.168.2.62", "10.0.0.0/24");

    private readonly SharedStore _store = new();
    private readonly ManualClock _clock = new();
    private readonly List<NodeRegistration> _registrations = [];
    private IStore _client = null!;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _client = await _store.OpenClientAsync(_clock);

    public async ValueTask DisposeAsync()
    {
        foreach (NodeRegistration registration in _registrations)
        {
            await registration.DisposeAsync();
        }
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Nodes_see_each_other_and_themselves()
    {
        await EnsureAsync(s_east);
        await EnsureAsync(s_west);

        Assert.Equal([s_east, s_west], await NodesAsync());
    }

    [Fact]
    public async Task A_node_whose_agent_died_stays_for_the_packets_to_its_pods()
    {
        IStore dying = await _store.OpenClientAsync(_clock);
        await EnsureAsync(s_east, dying);
        await dying.DisposeAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));

        await Eventually.BecomesAsync(
            "the agent counts as gone", () => _client.GetAsync(StoreKeys.Alive(s_east.Cluster, s_east.Name), Test), alive => alive is null);

        Assert.Equal([s_east], await NodesAsync());
    }

    [Fact]
    public async Task An_agent_that_stops_in_order_leaves_its_node_too()
    {
        NodeRegistration registration = await EnsureAsync(s_east);

        await registration.DisposeAsync();

        Assert.Null(await _client.GetAsync(StoreKeys.Alive(s_east.Cluster, s_east.Name), Test));
        Assert.Equal([s_east], await NodesAsync());
    }

    [Fact]
    public async Task A_restarted_agent_takes_over_at_once_though_its_old_lease_still_runs()
    {
        IStore killed = await _store.OpenClientAsync(_clock);
        await EnsureAsync(s_east, killed);
        await killed.DisposeAsync();

        await EnsureAsync(s_east with { Routers = [IPAddress.Parse("10.0.1.2")] });

        Assert.Equal("10.0.1.2", Assert.Single((await NodesAsync()).Single().Routers).ToString());
    }

    [Fact]
    public async Task The_old_lease_of_a_restarted_agent_does_not_take_the_new_ones_key_along()
    {
        IStore killed = await _store.OpenClientAsync(_clock);
        await EnsureAsync(s_east, killed);
        await killed.DisposeAsync();
        await EnsureAsync(s_east);

        // The old lease ends; the new one is renewed on the way.
        for (int i = 0; i < 8; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            await Eventually.BecomesAsync("the lease is renewed", () => Task.FromResult(_clock.ActiveTimers), timers => timers >= 1);
        }

        Assert.NotNull(await _client.GetAsync(StoreKeys.Alive(s_east.Cluster, s_east.Name), Test));
    }

    [Fact]
    public async Task A_lost_lease_is_told_and_taken_again()
    {
        NodeRegistration registration = await EnsureAsync(s_east);
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        registration.LeaseLost += () => lost.TrySetResult();

        // For another process a day went by in which this one stood still.
        var later = new ManualClock();
        later.Advance(TimeSpan.FromDays(1));
        IStore other = await _store.OpenClientAsync(later);
        string key = StoreKeys.Alive(s_east.Cluster, s_east.Name);
        await Eventually.BecomesAsync("the key is gone", () => _client.GetAsync(key, Test), entry => entry is null);
        await other.DisposeAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        await lost.Task.WaitAsync(TimeSpan.FromSeconds(10), Test);
        await registration.EnsureAsync(Test);

        Assert.NotNull(await _client.GetAsync(key, Test));
    }

    [Fact]
    public async Task Another_machine_may_not_take_the_name_of_one_that_runs()
    {
        await EnsureAsync(s_east);

        NodeConflictException refusal = await Assert.ThrowsAsync<NodeConflictException>(
            () => EnsureAsync(Node("east", "192.168.2.99", "10.0.9.0/24") with { Instance = "another" }));

        Assert.StartsWith("register node east: an agent on another machine runs under this name (give this node another --node-name", refusal.Message);
        Assert.Equal([s_east], await NodesAsync());
    }

    [Fact]
    public async Task A_machine_that_was_set_up_anew_may_have_the_name_once_the_old_agent_is_forgotten()
    {
        await (await EnsureAsync(s_east)).DisposeAsync();
        NodeRecord anew = s_east with { Instance = "anew" };

        await EnsureAsync(anew);

        Assert.Equal([anew], await NodesAsync());
    }

    [Theory]
    [InlineData("192.168.2.61", "10.0.9.0/24", "underlay address 192.168.2.61 is that of node east")]
    [InlineData("192.168.2.62", "10.0.1.0/24", "pod CIDR 10.0.1.0/24 overlaps 10.0.1.0/24 of node east")]
    [InlineData("192.168.2.62", "10.0.0.0/16", "pod CIDR 10.0.0.0/16 overlaps 10.0.1.0/24 of node east")]
    [InlineData("192.168.2.62", "10.0.1.128/25", "pod CIDR 10.0.1.128/25 overlaps 10.0.1.0/24 of node east")]
    [InlineData("172.16.0.1", "192.168.2.0/24", "pod CIDR 192.168.2.0/24 contains underlay address 192.168.2.61 of node east")]
    [InlineData("10.0.1.7", "10.0.9.0/24", "underlay address 10.0.1.7 is inside pod CIDR 10.0.1.0/24 of node east")]
    [InlineData("10.0.9.7", "10.0.9.0/24", "its underlay address 10.0.9.7 is inside its pod CIDR 10.0.9.0/24")]
    public async Task A_newcomer_that_claims_what_another_has_is_refused_and_leaves_no_trace(string address, string cidr, string reason)
    {
        await EnsureAsync(s_east);

        NodeConflictException refusal = await Assert.ThrowsAsync<NodeConflictException>(() => EnsureAsync(Node("west", address, cidr)));

        Assert.StartsWith("register node west: ", refusal.Message);
        Assert.Contains(reason, refusal.Message);
        Assert.Equal([s_east], await NodesAsync());
    }

    [Fact]
    public async Task A_node_that_changes_its_range_to_anothers_keeps_the_old_one()
    {
        await EnsureAsync(s_east);
        await EnsureAsync(s_west);

        await Assert.ThrowsAsync<NodeConflictException>(() => EnsureAsync(s_west with { PodCidrs = s_east.PodCidrs, Routers = s_east.Routers }));

        Assert.Equal([s_east, s_west], await NodesAsync());
    }

    [Fact]
    public async Task Of_nodes_that_claim_one_range_at_once_exactly_one_gets_it()
    {
        for (int round = 0; round < 10; round++)
        {
            NodeRecord[] rivals = [.. Enumerable.Range(0, 4).Select(i => Node($"r{round}-{i}", $"192.168.{round}.{i}", $"10.{round}.0.0/24"))];
            IStore[] clients = await Task.WhenAll(rivals.Select(_ => _store.OpenClientAsync(_clock)));

            Exception?[] outcomes = await Task.WhenAll(rivals.Select((rival, i) =>
                Task.Run(async () => await Record.ExceptionAsync(async () => await EnsureAsync(rival, clients[i])))));

            Assert.All(outcomes.OfType<Exception>(), e => Assert.IsType<NodeConflictException>(e));
            int winner = Assert.Single(Enumerable.Range(0, 4), i => outcomes[i] is null);
            Assert.Equal(rivals[winner], Assert.Single(await NodesAsync(), n => n.Name.Value.StartsWith($"r{round}-", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Ensuring_again_repairs_what_others_deleted_and_writes_nothing_of_the_node_otherwise()
    {
        NodeRegistration registration = await EnsureAsync(s_east);
        string key = StoreKeys.Node(s_east.Cluster, s_east.Name);
        Revision before = (await _client.GetAsync(key, Test))!.Modified;

        await registration.EnsureAsync(Test);
        Assert.Equal(before, (await _client.GetAsync(key, Test))!.Modified);

        await _client.DeleteAsync(key, null, Test);
        await registration.EnsureAsync(Test);
        Assert.Equal([s_east], await NodesAsync());
    }

    [Fact]
    public async Task A_record_that_is_none_does_not_keep_a_node_from_coming_up()
    {
        await _client.PutAsync(new StorePut(StoreKeys.Nodes(ClusterName.Default) + "broken", "{"u8.ToArray()), Test);

        await EnsureAsync(s_east);

        Assert.Equal([s_east], await NodesAsync());
    }

    private static NodeRecord Node(string name, string address, string cidr) => new()
    {
        Name = NodeName.Parse(name),
        Cluster = ClusterName.Default,
        Instance = $"instance of {name}",
        Addresses = [IPAddress.Parse(address)],
        PodCidrs = [PodCidr.Parse(cidr)],
        Routers = [PodCidr.Parse(cidr).AddressAt(1)],
    };

    private async Task<NodeRegistration> EnsureAsync(NodeRecord node, IStore? through = null)
    {
        var registration = new NodeRegistration(through ?? _client, node);
        lock (_registrations)
        {
            _registrations.Add(registration);
        }
        await registration.EnsureAsync(Test);
        return registration;
    }

    private async Task<List<NodeRecord>> NodesAsync()
    {
        var nodes = new List<NodeRecord>();
        await foreach (RecordEvent<NodeRecord> step in new NodeRegistry(_client, ClusterName.Default, TimeProvider.System).FollowAsync(Test))
        {
            if (step.Kind == RecordEventKind.Synced)
            {
                break;
            }
            if (step.Record is { } node)
            {
                nodes.Add(node);
            }
        }
        return nodes;
    }
}
