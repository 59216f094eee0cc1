using System.Text;
using Weft.Store.Following;
using Weft.Store.Tests.Oracle;
using Weft.Tests.Shared;

namespace Weft.Store.Tests.Following;

public sealed class StoreFollowerTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly BreakableStore _store;
    private readonly IAsyncEnumerator<FollowEvent> _follow;
    private double _chance;

    public StoreFollowerTests()
    {
        _store = new BreakableStore(new MemoryStore(_clock).OpenClient());
        _follow = new StoreFollower(_store, "ip/", _clock, () => _chance).FollowAsync(Test).GetAsyncEnumerator(Test);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await PutAsync("ip/a", "1");
        await PutAsync("ip/b", "1");
        await PutAsync("other", "1");
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task It_tells_what_is_there_then_that_this_was_all_then_every_change()
    {
        Assert.Equal(["Put ip/a=1", "Put ip/b=1", "Synced"], await TakeAsync(3));

        await PutAsync("ip/a", "2");
        await DeleteAsync("ip/b");
        await PutAsync("other", "2");
        await PutAsync("ip/b", "3");

        Assert.Equal(["Put ip/a=2", "Removed ip/b=1", "Put ip/b=3"], await TakeAsync(3));
    }

    [Fact]
    public async Task After_compaction_it_tells_the_difference_and_additions_before_removals()
    {
        await TakeAsync(3);
        await DeleteAsync("ip/a");
        await PutAsync("ip/b", "2");
        await PutAsync("ip/c", "1");
        _store.CutWatches(new StoreCompactedException(new Revision(3), new Revision(5)));

        Assert.Equal(["Put ip/b=2", "Put ip/c=1", "Removed ip/a=1", "Synced"], await TakeAsync(4));
    }

    [Fact]
    public async Task A_difference_of_nothing_is_only_synced()
    {
        await TakeAsync(3);
        _store.CutWatches(new StoreCompactedException(Revision.Zero, Revision.Zero));

        Assert.Equal(["Synced"], await TakeAsync(1));
    }

    [Fact]
    public async Task While_the_store_is_out_of_reach_it_says_so_and_tries_again_after_growing_pauses()
    {
        await TakeAsync(3);
        _store.ListFailure = new StoreUnavailableException("locked");
        _store.CutWatches(new StoreUnavailableException("locked"));
        Assert.Equal(["Interrupted locked"], await TakeAsync(1));

        foreach (int pause in new[] { 50, 100, 200, 400, 800, 1600, 3200, 5000, 5000 })
        {
            int lists = _store.Lists;
            Task<List<string>> next = TakeAsync(1);
            await Eventually.BecomesAsync("it pauses", () => Task.FromResult(_clock.ActiveTimers), n => n == 1);
            _clock.Advance(TimeSpan.FromMilliseconds(pause - 1));
            Assert.Equal(lists, _store.Lists);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(["Interrupted locked"], await next);
        }

        _store.ListFailure = null;
        Task<List<string>> healed = TakeAsync(1);
        await Eventually.BecomesAsync("it pauses", () => Task.FromResult(_clock.ActiveTimers), n => n == 1);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["Synced"], await healed);
    }

    /// <summary>All followers of a cluster are cut off at the same moment: chance parts them.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_lists_again_a_while_after_a_cut_that_chance_gives(bool isCompacted)
    {
        await TakeAsync(3);
        _chance = 0.5;
        _store.CutWatches(isCompacted
            ? new StoreCompactedException(Revision.Zero, Revision.Zero)
            : new StoreUnavailableException("gone"));
        if (!isCompacted)
        {
            Assert.Equal(["Interrupted gone"], await TakeAsync(1));
        }

        int lists = _store.Lists;
        Task<List<string>> next = TakeAsync(1);
        await Eventually.BecomesAsync("it pauses", () => Task.FromResult(_clock.ActiveTimers), n => n == 1);
        _clock.Advance((StoreFollower.Spread / 2) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(lists, _store.Lists);
        _clock.Advance(TimeSpan.FromMilliseconds(isCompacted ? 1 : 51));

        Assert.Equal(["Synced"], await next);
    }

    [Fact]
    public async Task It_ends_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<FollowEvent> follow =
            new StoreFollower(_store, "ip/", _clock).FollowAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        for (int i = 0; i < 3; i++)
        {
            await follow.MoveNextAsync();
        }
        Task<bool> next = follow.MoveNextAsync().AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(TimeSpan.FromSeconds(10), Test));
    }

    private async Task<List<string>> TakeAsync(int count)
    {
        var steps = new List<string>();
        while (steps.Count < count)
        {
            Assert.True(await _follow.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Test));
            FollowEvent step = _follow.Current;
            string? detail = step.Entry is { } entry ? $"{entry.Key}={Encoding.UTF8.GetString(entry.Value.Span)}" : step.Failure?.Message;
            steps.Add($"{step.Kind} {detail}".TrimEnd());
        }
        return steps;
    }

    private Task<PutResult> PutAsync(string key, string value) => _store.PutAsync(new StorePut(key, Encoding.UTF8.GetBytes(value)), Test);

    private Task<bool> DeleteAsync(string key) => _store.DeleteAsync(key, null, Test);
}
