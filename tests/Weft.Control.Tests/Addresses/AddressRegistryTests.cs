using System.Net;
using Weft.Control.Addresses;
using Weft.Model.Addressing;
using Weft.Model.Identities;
using Weft.Model.Nodes;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;

namespace Weft.Control.Tests.Addresses;

public sealed class AddressRegistryTests : IAsyncLifetime
{
    private static readonly NodeName s_east = NodeName.Parse("east");
    private static readonly NodeName s_west = NodeName.Parse("west");
    private static readonly Identity s_cni = new(37483);
    private static readonly Identity s_web = new(30001);

    private readonly SharedStore _store = new();
    private IStore _client = null!;
    private AddressRegistry _registry = null!;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _client = await _store.OpenClientAsync();
        _registry = Registry(s_east, "10.0.1.0/24");
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_published_address_reaches_other_nodes_and_goes_when_it_is_withdrawn()
    {
        AddressRegistry west = Registry(s_west, "10.0.0.0/24");
        await using IAsyncEnumerator<RecordEvent<AddressRecord>> follow = west.FollowAsync(Test).GetAsyncEnumerator(Test);
        Assert.Equal("Synced", await NextAsync(follow));

        await _registry.PublishAsync(Address("10.0.1.180", s_cni), Test);
        Assert.Equal("Put 10.0.1.180/32 37483", await NextAsync(follow));
        await _registry.WithdrawAsync(IPNetwork.Parse("10.0.1.180/32"), Test);
        Assert.Equal("Removed 10.0.1.180/32 37483", await NextAsync(follow));
    }

    [Fact]
    public async Task A_changed_identity_is_one_change_without_a_gap()
    {
        await _registry.PublishAsync(Address("10.0.1.180", s_cni), Test);
        await using IAsyncEnumerator<RecordEvent<AddressRecord>> follow = _registry.FollowAsync(Test).GetAsyncEnumerator(Test);
        Assert.Equal("Put 10.0.1.180/32 37483", await NextAsync(follow));
        Assert.Equal("Synced", await NextAsync(follow));

        await _registry.PublishAsync(Address("10.0.1.180", s_web), Test);

        Assert.Equal("Put 10.0.1.180/32 30001", await NextAsync(follow));
        Assert.Equal(s_cni, follow.Current.Previous!.Identity);
    }

    [Fact]
    public async Task Publishing_the_same_again_changes_nothing()
    {
        await _registry.PublishAsync(Address("10.0.1.180", s_cni), Test);
        Revision before = (await _client.ListAsync("", Test)).Revision;

        await _registry.PublishAsync(Address("10.0.1.180", s_cni), Test);

        Assert.Equal(before, (await _client.ListAsync("", Test)).Revision);
    }

    [Fact]
    public async Task An_address_outside_the_nodes_range_that_another_publishes_is_refused()
    {
        await Registry(s_west, "10.0.0.0/24").PublishAsync(Address("172.16.0.9", s_web, s_west), Test);

        AddressConflictException refusal = await Assert.ThrowsAsync<AddressConflictException>(
            () => _registry.PublishAsync(Address("172.16.0.9", s_cni), Test));

        Assert.Equal(
            "publish address 172.16.0.9/32 of default/pod-172.16.0.9: node west publishes it for default/pod-172.16.0.9 "
            + "and it is in no pod CIDR of this node (delete one of the two)",
            refusal.Message);
    }

    [Fact]
    public async Task Inside_the_nodes_range_an_old_record_of_another_node_is_overwritten()
    {
        await Registry(s_west, "10.0.1.0/24").PublishAsync(Address("10.0.1.180", s_web, s_west), Test);

        await _registry.PublishAsync(Address("10.0.1.180", s_cni), Test);

        Assert.Equal(["east 10.0.1.180/32"], await PublishedAsync());
    }

    [Fact]
    public async Task An_address_of_another_node_cannot_be_withdrawn()
    {
        await Registry(s_west, "10.0.0.0/24").PublishAsync(Address("10.0.0.23", s_web, s_west), Test);

        await _registry.WithdrawAsync(IPNetwork.Parse("10.0.0.23/32"), Test);
        await _registry.WithdrawAsync(IPNetwork.Parse("10.0.0.24/32"), Test);

        Assert.Equal(["west 10.0.0.23/32"], await PublishedAsync());
    }

    [Fact]
    public async Task A_resync_publishes_what_is_missing_and_removes_only_what_is_stale_and_own()
    {
        await Registry(s_west, "10.0.0.0/24").PublishAsync(Address("10.0.0.23", s_web, s_west), Test);
        await _registry.PublishAsync(Address("10.0.1.2", s_cni), Test);
        await _registry.PublishAsync(Address("10.0.1.3", s_cni), Test);
        await _registry.PublishAsync(Address("10.0.1.4", s_cni), Test);
        await _client.PutAsync(new StorePut(StoreKeys.Addresses(ClusterName.Default) + "10.0.1.99", "garbage"u8.ToArray()), Test);

        AddressResync result = await _registry.ResyncAsync(
            [Address("10.0.1.3", s_cni), Address("10.0.1.4", s_web), Address("10.0.1.5", s_cni)], Test);

        Assert.Equal(new AddressResync(Published: 2, Removed: 2), result);
        Assert.Equal(
            ["east 10.0.1.3/32", "east 10.0.1.4/32", "east 10.0.1.5/32", "west 10.0.0.23/32"], (await PublishedAsync()).Order());
        Assert.Equal(new AddressResync(0, 0), await _registry.ResyncAsync(
            [Address("10.0.1.3", s_cni), Address("10.0.1.4", s_web), Address("10.0.1.5", s_cni)], Test));
    }

    [Fact]
    public async Task A_resync_publishes_before_it_removes()
    {
        await _registry.PublishAsync(Address("10.0.1.2", s_cni), Test);
        StoreSnapshot start = await _client.ListAsync("", Test);

        await _registry.ResyncAsync([Address("10.0.1.3", s_cni)], Test);

        var order = new List<bool>();
        await foreach (StoreChange change in _client.WatchAsync("", start.Revision, Test))
        {
            order.Add(change.IsDelete);
            if (order.Count == 2)
            {
                break;
            }
        }
        Assert.Equal([false, true], order);
    }

    [Fact]
    public async Task Garbage_is_told_and_what_was_known_of_the_address_stands()
    {
        await _registry.PublishAsync(Address("10.0.1.180", s_cni), Test);
        await using IAsyncEnumerator<RecordEvent<AddressRecord>> follow = _registry.FollowAsync(Test).GetAsyncEnumerator(Test);
        await NextAsync(follow);
        await NextAsync(follow);

        await _client.PutAsync(new StorePut(StoreKeys.Addresses(ClusterName.Default) + "10.0.1.180", "{}"u8.ToArray()), Test);

        Assert.StartsWith("Rejected", await NextAsync(follow));
        Assert.Contains("weft/state/ip/v1/default/10.0.1.180", follow.Current.Failure);
    }

    private AddressRegistry Registry(NodeName node, string cidr) =>
        new(_client, ClusterName.Default, node, [PodCidr.Parse(cidr)], TimeProvider.System);

    private static AddressRecord Address(string address, Identity identity, NodeName? node = null) => new()
    {
        Prefix = new IPNetwork(IPAddress.Parse(address), 32),
        Identity = identity,
        Node = node ?? s_east,
        NodeAddress = IPAddress.Parse(node == s_west ? "192.168.2.62" : "192.168.2.61"),
        Owner = $"default/pod-{address}",
    };

    private static async Task<string> NextAsync(IAsyncEnumerator<RecordEvent<AddressRecord>> follow)
    {
        Assert.True(await follow.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Test));
        return $"{follow.Current.Kind} {follow.Current.Record?.Prefix} {follow.Current.Record?.Identity}".TrimEnd();
    }

    private async Task<List<string>> PublishedAsync()
    {
        var published = new List<string>();
        await foreach (RecordEvent<AddressRecord> step in _registry.FollowAsync(Test))
        {
            if (step.Kind == RecordEventKind.Synced)
            {
                break;
            }
            if (step.Record is { } record)
            {
                published.Add($"{record.Node} {record.Prefix}");
            }
        }
        return published;
    }
}
