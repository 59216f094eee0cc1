using Weft.Control.Identities;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Model.Nodes;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;

namespace Weft.Control.Tests.Identities;

public sealed class IdentityAllocatorTests : IAsyncLifetime
{
    private static readonly LabelSet s_cni = LabelSet.Parse(["k8s:app=cni", "k8s:io.kubernetes.pod.namespace=default"]);
    private static readonly LabelSet s_web = LabelSet.Parse(["k8s:app=web", "k8s:io.kubernetes.pod.namespace=default"]);
    private static readonly NodeName s_east = NodeName.Parse("east");
    private static readonly NodeName s_west = NodeName.Parse("west");

    private readonly SharedStore _store = new();
    private IStore _client = null!;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _client = await _store.OpenClientAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Equal_labels_get_one_identity_on_every_node_and_different_ones_do_not()
    {
        using IdentityAllocator east = Allocator(s_east);
        using IdentityAllocator west = Allocator(s_west);

        Identity cni = await east.AcquireAsync(s_cni, Test);

        Assert.True(cni.IsClusterScope);
        Assert.Equal(cni, await west.AcquireAsync(s_cni, Test));
        Assert.NotEqual(cni, await west.AcquireAsync(s_web, Test));
    }

    [Fact]
    public async Task The_number_is_the_same_in_every_cluster_that_has_no_collision()
    {
        await using var other = new SharedStore();
        using IdentityAllocator here = Allocator(s_east);
        using var there = new IdentityAllocator(await other.OpenClientAsync(), ClusterName.Default, s_west, TimeProvider.System);

        Assert.Equal(await here.AcquireAsync(s_cni, Test), await there.AcquireAsync(s_cni, Test));
    }

    [Fact]
    public async Task Colliding_labels_get_the_next_numbers()
    {
        using IdentityAllocator east = Allocator(s_east, hash: _ => 41);
        using IdentityAllocator west = Allocator(s_west, hash: _ => 41);

        Assert.Equal(new Identity(256 + 41), await east.AcquireAsync(s_cni, Test));
        Assert.Equal(new Identity(256 + 42), await west.AcquireAsync(s_web, Test));
        Assert.Equal(new Identity(256 + 42), await east.AcquireAsync(s_web, Test));
    }

    [Fact]
    public async Task The_search_goes_round_the_end_of_the_range()
    {
        using IdentityAllocator east = Allocator(s_east, hash: _ => 65535 - 256);

        Assert.Equal(Identity.ClusterMax, await east.AcquireAsync(s_cni, Test));
        Assert.Equal(Identity.ClusterMin, await east.AcquireAsync(s_web, Test));
    }

    [Fact]
    public async Task Many_nodes_that_allocate_the_same_and_colliding_labels_at_once_agree()
    {
        LabelSet[] sets = [.. Enumerable.Range(0, 12).Select(i => LabelSet.Parse([$"k8s:app=a{i}"]))];
        int seed = Random.Shared.Next();
        var nodes = new List<IdentityAllocator>();
        for (int n = 0; n < 5; n++)
        {
            nodes.Add(new IdentityAllocator(
                await _store.OpenClientAsync(), ClusterName.Default, NodeName.Parse($"n{n}"), TimeProvider.System, l => l.Canonical[^2] % 2u));
        }

        Dictionary<LabelSet, Identity>[] views = await Task.WhenAll(nodes.Select((node, n) => Task.Run(async () =>
        {
            LabelSet[] shuffled = [.. sets];
            new Random(seed + n).Shuffle(shuffled);
            var view = new Dictionary<LabelSet, Identity>();
            foreach (LabelSet labels in shuffled)
            {
                view.Add(labels, await node.AcquireAsync(labels, Test));
            }
            return view;
        })));

        Assert.All(views, view => Assert.Equal(views[0], view));
        Assert.Equal(sets.Length, views[0].Values.Distinct().Count());
        // No claim is left over: one number per label set, and each is in use by all nodes.
        Assert.Equal(sets.Length, (await _client.ListAsync(StoreKeys.Identities, Test)).Entries.Length);
        Assert.Equal(sets.Length, (await _client.ListAsync(StoreKeys.UsesOf(ClusterName.Default, NodeName.Parse("n3")), Test)).Entries.Length);
        nodes.ForEach(n => n.Dispose());
    }

    [Fact]
    public async Task A_claim_that_its_owner_did_not_settle_is_adopted()
    {
        // Another node died between its two writes.
        Identity claimed = new(256 + 7);
        await _client.PutAsync(new StorePut(StoreKeys.Identity(claimed), System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
            new IdentityRecord(claimed, s_cni), Model.Json.ModelJsonContext.Default.IdentityRecord)), Test);
        using IdentityAllocator east = Allocator(s_east, hash: _ => 5);
        await SyncAsync(east);

        Assert.Equal(claimed, await east.AcquireAsync(s_cni, Test));
        Assert.Single((await _client.ListAsync(StoreKeys.Identities, Test)).Entries);
    }

    [Fact]
    public async Task Reserved_labels_need_no_store_and_made_up_ones_are_refused()
    {
        using IdentityAllocator east = Allocator(s_east);

        Assert.Equal(Identity.Health, await east.AcquireAsync(LabelSet.Parse(["reserved:health"]), Test));
        Assert.Equal(Revision.Zero, (await _client.ListAsync("", Test)).Revision);
        await Assert.ThrowsAsync<IdentityException>(() => east.AcquireAsync(LabelSet.Parse(["reserved:admin"]), Test));
        await Assert.ThrowsAsync<IdentityException>(() => east.AcquireAsync(LabelSet.Parse(["reserved:host", "k8s:app=x"]), Test));
    }

    [Fact]
    public async Task Only_the_first_use_of_labels_on_a_node_asks_the_store()
    {
        using IdentityAllocator east = Allocator(s_east);
        await east.AcquireAsync(s_cni, Test);
        Revision before = (await _client.ListAsync("", Test)).Revision;

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => east.AcquireAsync(s_cni, Test)));

        Assert.Equal(before, (await _client.ListAsync("", Test)).Revision);
    }

    [Fact]
    public async Task The_last_release_takes_back_the_use_and_keeps_the_identity()
    {
        using IdentityAllocator east = Allocator(s_east);
        Identity cni = await east.AcquireAsync(s_cni, Test);
        await east.AcquireAsync(s_cni, Test);
        string use = StoreKeys.Use(ClusterName.Default, s_east, cni);

        await east.ReleaseAsync(cni, Test);
        Assert.NotNull(await _client.GetAsync(use, Test));
        await east.ReleaseAsync(cni, Test);
        Assert.Null(await _client.GetAsync(use, Test));
        await east.ReleaseAsync(cni, Test);

        Assert.Equal(cni, await east.AcquireAsync(s_cni, Test));
    }

    [Fact]
    public async Task A_restarted_agent_drops_the_uses_that_it_does_not_acquire_again()
    {
        using (IdentityAllocator before = Allocator(s_east))
        {
            await before.AcquireAsync(s_cni, Test);
            await before.AcquireAsync(s_web, Test);
        }
        using IdentityAllocator west = Allocator(s_west);
        await west.AcquireAsync(s_web, Test);

        using IdentityAllocator after = Allocator(s_east);
        await after.AcquireAsync(s_cni, Test);

        Assert.Equal(1, await after.DropUnusedAsync(Test));
        Assert.Single((await _client.ListAsync(StoreKeys.UsesOf(ClusterName.Default, s_east), Test)).Entries);
        Assert.Single((await _client.ListAsync(StoreKeys.UsesOf(ClusterName.Default, s_west), Test)).Entries);
    }

    [Fact]
    public async Task In_another_store_a_node_gets_its_numbers_again_or_learns_of_those_that_won()
    {
        using IdentityAllocator east = Allocator(s_east, hash: _ => 1);
        Identity cni = await east.AcquireAsync(s_cni, Test);
        Identity web = await east.AcquireAsync(s_web, Test);
        foreach (StoreEntry entry in (await _client.ListAsync("", Test)).Entries)
        {
            await _client.DeleteAsync(entry.Key, null, Test);
        }
        using IdentityAllocator west = Allocator(s_west, hash: _ => 9);
        Identity moved = await west.AcquireAsync(s_web, Test);

        await east.EnsureAsync(Test);

        Assert.NotEqual(web, moved);
        Assert.Equal(moved, await east.FindUsedAsync(s_web, Test));
        Assert.Equal(cni, await east.FindUsedAsync(s_cni, Test));
        Assert.Equal(cni, await west.AcquireAsync(s_cni, Test));
    }

    [Fact]
    public async Task The_cache_knows_identities_of_other_nodes_and_the_reserved_ones()
    {
        using IdentityAllocator east = Allocator(s_east);
        using IdentityAllocator west = Allocator(s_west);
        Identity cni = await west.AcquireAsync(s_cni, Test);

        await SyncAsync(east);

        Assert.Equal(s_cni, east.Cache.Find(cni)!.Labels);
        Assert.Equal([.. ReservedIdentities.All, new IdentityRecord(cni, s_cni)], east.Cache.List());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"id":300,"labels":[";"]}""")]
    public async Task Garbage_in_the_store_is_reported_with_its_key(string garbage)
    {
        await _client.PutAsync(new StorePut(StoreKeys.Identity(new Identity(256)), System.Text.Encoding.UTF8.GetBytes(garbage)), Test);
        using IdentityAllocator east = Allocator(s_east, hash: _ => 0);

        IdentityException refusal = await Assert.ThrowsAsync<IdentityException>(() => east.AcquireAsync(s_cni, Test));

        Assert.Contains("weft/state/identities/v1/id/256", refusal.Message);
    }

    private IdentityAllocator Allocator(NodeName node, Func<LabelSet, uint>? hash = null) =>
        new(_client, ClusterName.Default, node, TimeProvider.System, hash ?? IdentitySlots.Hash);

    private static async Task SyncAsync(IdentityAllocator allocator)
    {
        await foreach (RecordEvent<IdentityRecord> step in allocator.FollowAsync(Test))
        {
            if (step.Kind == RecordEventKind.Synced)
            {
                return;
            }
        }
    }
}
