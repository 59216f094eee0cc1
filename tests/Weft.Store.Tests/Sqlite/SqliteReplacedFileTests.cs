using Weft.Store.Following;
using Weft.Store.Sqlite;
using Weft.Tests.Shared;

namespace Weft.Store.Tests.Sqlite;

/// <summary>The file goes away, or another takes its place, under agents that have it open.</summary>
public sealed class SqliteReplacedFileTests : IAsyncLifetime
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private readonly TemporaryFile _file = new();
    private readonly ManualClock _clock = new();
    private SqliteStore _east = null!;
    private SqliteStore _west = null!;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _east = await OpenAsync();
        _west = await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _east.DisposeAsync();
        await _west.DisposeAsync();
        _file.Dispose();
    }

    [Fact]
    public async Task Agents_meet_again_in_a_new_file_after_theirs_was_removed()
    {
        await PutAsync(_east, "before");

        RemoveFile();

        await Eventually.BecomesAsync("east sees west's key in the new file", async () =>
        {
            await PutAsync(_west, "after");
            return (await _east.GetAsync("after", Test), await _east.GetAsync("before", Test));
        }, seen => seen is (not null, null));
        Assert.True(File.Exists(_file.Path));
    }

    [Fact]
    public async Task A_watch_on_the_old_file_ends_and_the_next_list_is_of_another_incarnation()
    {
        StoreSnapshot start = await _east.ListAsync("", Test);
        Task watch = DrainAsync(_east.WatchAsync("", start.Revision, Test));

        RemoveFile();

        await Assert.ThrowsAnyAsync<StoreException>(() => watch.WaitAsync(s_deadline, Test));
        await Eventually.BecomesAsync("another incarnation", () => _east.ListAsync("", Test), list => list.Incarnation != start.Incarnation);
    }

    [Fact]
    public async Task A_lease_of_the_old_file_is_lost_and_not_another_ones_in_the_new()
    {
        IStoreLease old = await _east.GrantLeaseAsync(TimeSpan.FromSeconds(15), Test);
        RemoveFile();
        await Eventually.BecomesAsync("a lease of the new file", () => _west.ListAsync("", Test), list => list.Revision == Revision.Zero);

        await Eventually.BecomesAsync("the old lease is refused", async () => await Record.ExceptionAsync(
            () => _east.PutAsync(new StorePut("leased", default) { Lease = old }, Test)), e => e is StoreLeaseLostException);
        _clock.Advance(TimeSpan.FromSeconds(5));

        await Eventually.BecomesAsync("the lease is lost", () => Task.FromResult(old.Lost.IsCancellationRequested), lost => lost);
    }

    [Fact]
    public async Task A_follower_keeps_what_is_missing_in_the_new_file_until_others_had_time_to_publish_again()
    {
        await PutAsync(_west, "ip/a");
        await PutAsync(_west, "ip/gone");
        await using IAsyncEnumerator<FollowEvent> follow = new StoreFollower(_east, "ip/", _clock).FollowAsync(Test).GetAsyncEnumerator(Test);
        await SkipToSyncAsync(follow);

        RemoveFile();
        FollowEvent synced = await SkipToSyncAsync(follow);
        Assert.True(synced.IsOtherStore);
        await PutAsync(_west, "ip/a");
        Assert.Equal("Put ip/a", Text(await NextAsync(follow)));

        ValueTask<bool> next = follow.MoveNextAsync();
        _clock.Advance(StoreFollower.HoldRemovals - TimeSpan.FromSeconds(1));
        Assert.False(next.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await next.AsTask().WaitAsync(s_deadline, Test);
        Assert.Equal("Removed ip/gone", Text(follow.Current));
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_in_its_place_is_reported_until_it_is_gone()
    {
        string junk = Path.Combine(_file.Directory, "junk");
        await File.WriteAllTextAsync(junk, new string('x', 10_000), Test);
        File.Move(junk, _file.Path, overwrite: true);
        File.Delete(_file.Path + "-wal");
        File.Delete(_file.Path + "-shm");

        Exception? fault = await Eventually.BecomesAsync(
            "reads fail",
            async () => await Record.ExceptionAsync(() => _east.ListAsync("", Test)),
            e => e is not null && e.Message.Contains("is damaged", StringComparison.Ordinal));
        RemoveFile();

        Assert.IsType<StoreUnavailableException>(fault);
        await Eventually.BecomesAsync(
            "reads succeed", async () => await Record.ExceptionAsync(() => _east.ListAsync("", Test)), e => e is null);
    }

    private async Task<SqliteStore> OpenAsync() =>
        await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = _file.Path, Clock = _clock }, Test);

    private void RemoveFile()
    {
        foreach (string file in new[] { _file.Path, _file.Path + "-wal", _file.Path + "-shm" })
        {
            File.Delete(file);
        }
    }

    private static Task<PutResult> PutAsync(SqliteStore store, string key) => store.PutAsync(new StorePut(key, "x"u8.ToArray()), Test);

    private static async Task DrainAsync(IAsyncEnumerable<StoreChange> watch)
    {
        await foreach (StoreChange _ in watch)
        {
        }
    }

    private static string Text(FollowEvent step) => $"{step.Kind} {step.Entry?.Key}".TrimEnd();

    // A follower that was interrupted pauses by the clock.
    private async Task<FollowEvent> NextAsync(IAsyncEnumerator<FollowEvent> follow)
    {
        bool paused = follow.Current?.Kind == FollowEventKind.Interrupted;
        Task<bool> next = follow.MoveNextAsync().AsTask();
        await Eventually.BecomesAsync("a step", () =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(paused ? 10 : 0));
            return Task.FromResult(next.IsCompleted);
        }, done => done);
        Assert.True(await next);
        return follow.Current!;
    }

    private async Task<FollowEvent> SkipToSyncAsync(IAsyncEnumerator<FollowEvent> follow)
    {
        FollowEvent step;
        do
        {
            step = await NextAsync(follow);
        }
        while (step.Kind != FollowEventKind.Synced);
        return step;
    }
}
