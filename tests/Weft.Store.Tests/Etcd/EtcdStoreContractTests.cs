using Weft.Store.Tests.Contract;

namespace Weft.Store.Tests.Etcd;

/// <summary>The contract, kept by a real etcd. Each test has a prefix of its own in one server.</summary>
public sealed class EtcdStoreContractTests(EtcdFixture fixture) : StoreContract, IClassFixture<EtcdFixture>
{
    private readonly string _prefix = Guid.NewGuid().ToString("N");

    // etcd counts in seconds, and no lease of it is shorter than one and a half election timeouts.
    protected override TimeSpan TimeToLive => TimeSpan.FromSeconds(2);

    [Fact]
    public override async Task Keys_of_a_holder_that_died_vanish_for_others_and_only_after_the_time_to_live()
    {
        IStore holder = await OpenAsync();
        IStoreLease lease = await holder.GrantLeaseAsync(TimeToLive, Test);
        StoreEntry put = await PutLeasedAsync(holder, Nodes + "leased", lease);

        await holder.DisposeAsync();
        Assert.NotNull(await Store.GetAsync(Nodes + "leased", Test));

        long died = TimeProvider.System.GetTimestamp();
        List<StoreChange> seen = await TakeAsync(Store.WatchAsync(Nodes, put.Modified, Test), 1);
        Assert.Equal(["leased=(none)"], seen.Select(Text));
        Assert.True(TimeProvider.System.GetElapsedTime(died) > TimeToLive / 4);
    }

    [Fact]
    public override async Task A_living_holder_keeps_its_keys_far_beyond_the_time_to_live()
    {
        await using IStoreLease lease = await Store.GrantLeaseAsync(TimeToLive, Test);
        StoreEntry entry = await PutLeasedAsync(Store, Nodes + "leased", lease);
        Assert.True(entry.IsLeased);

        // Its deletion must not come.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Test);
        deadline.CancelAfter(TimeToLive * 4);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => CollectAsync(Store.WatchAsync(Nodes, entry.Modified, deadline.Token)));

        Assert.False(lease.Lost.IsCancellationRequested);
        Assert.NotNull(await Store.GetAsync(Nodes + "leased", Test));
    }

    protected override async Task<IStore> OpenAsync() => await fixture.OpenAsync(_prefix);
}
