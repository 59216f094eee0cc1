using Weft.Tests.Shared;

namespace Weft.Store.Tests.Contract;

public abstract partial class StoreContract
{
    /// <summary>Of the leases in these tests.</summary>
    protected virtual TimeSpan TimeToLive => TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Disposing_a_lease_deletes_its_keys_and_no_others()
    {
        await PutAsync(Nodes + "permanent", "p");
        IStoreLease lease = await Store.GrantLeaseAsync(TimeToLive, Test);
        await PutLeasedAsync(Store, Nodes + "leased", lease);
        Task<List<StoreChange>> watch = TakeAsync(Store.WatchAsync(Nodes, Revision.Zero, Test), 3);

        await lease.DisposeAsync();

        Assert.Equal(["permanent=p", "leased=alive", "leased=(none)"], (await watch).Select(Text));
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public virtual async Task Keys_of_a_holder_that_died_vanish_for_others_and_only_after_the_time_to_live()
    {
        IStore holder = await OpenAsync();
        IStoreLease lease = await holder.GrantLeaseAsync(TimeToLive, Test);
        await PutLeasedAsync(holder, Nodes + "leased", lease);

        await holder.DisposeAsync();
        Clock.Advance(TimeToLive - TimeSpan.FromSeconds(1));
        Assert.NotNull(await Store.GetAsync(Nodes + "leased", Test));

        Clock.Advance(TimeSpan.FromSeconds(2));
        List<StoreChange> seen = await TakeAsync(Store.WatchAsync(Nodes, Revision.Zero, Test), 2);
        Assert.Equal(["leased=alive", "leased=(none)"], seen.Select(Text));
    }

    [Fact]
    public virtual async Task A_living_holder_keeps_its_keys_far_beyond_the_time_to_live()
    {
        await using IStoreLease lease = await Store.GrantLeaseAsync(TimeToLive, Test);
        StoreEntry entry = await PutLeasedAsync(Store, Nodes + "leased", lease);
        Assert.True(entry.IsLeased);

        for (int i = 0; i < 20; i++)
        {
            int timers = Clock.ActiveTimers;
            Clock.Advance(TimeToLive / 3);
            // The renewal has happened when its next timer runs.
            await Eventually.BecomesAsync("the lease is renewed", () => Task.FromResult(Clock.ActiveTimers), now => now == timers);
        }

        Assert.False(lease.Lost.IsCancellationRequested);
        Assert.NotNull(await Store.GetAsync(Nodes + "leased", Test));
    }

    [Fact]
    public async Task A_put_under_an_ended_lease_is_refused()
    {
        IStoreLease lease = await Store.GrantLeaseAsync(TimeToLive, Test);
        await lease.DisposeAsync();

        await Assert.ThrowsAsync<StoreLeaseLostException>(() => PutLeasedAsync(Store, Nodes + "leased", lease));
        Assert.Null(await Store.GetAsync(Nodes + "leased", Test));
    }

    [Fact]
    public async Task A_put_without_the_lease_makes_the_key_permanent()
    {
        IStoreLease lease = await Store.GrantLeaseAsync(TimeToLive, Test);
        await PutLeasedAsync(Store, Nodes + "leased", lease);

        await PutAsync(Nodes + "leased", "for good");
        await lease.DisposeAsync();

        Assert.Equal("for good", Text(await Store.GetAsync(Nodes + "leased", Test)));
    }

    protected static async Task<StoreEntry> PutLeasedAsync(IStore store, string key, IStoreLease lease)
    {
        PutResult result = await store.PutAsync(new StorePut(key, Bytes("alive")) { Lease = lease }, Test);
        return result.Current!;
    }
}
