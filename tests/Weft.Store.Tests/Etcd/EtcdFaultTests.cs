using System.Text;
using Weft.Store.Etcd;
using Weft.Store.Following;
using Weft.Tests.Shared;

namespace Weft.Store.Tests.Etcd;

/// <summary>An etcd that hangs, dies, forgets or loses everything, and what clients see of it. Each test has an etcd of its own.</summary>
public sealed class EtcdFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    private readonly List<IAsyncDisposable> _opened = [];
    private EtcdServer _etcd = null!;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    // Probes that are more frequent than etcd takes by itself, so that a test need not wait for them.
    public async ValueTask InitializeAsync() => _etcd = await EtcdServer.StartAsync("http", "--grpc-keepalive-min-time", "100ms");

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable opened in Enumerable.Reverse(_opened))
        {
            await opened.DisposeAsync();
        }
        await _etcd.DisposeAsync();
    }

    [Fact]
    public async Task While_it_hangs_calls_end_in_time_and_say_so_and_afterwards_all_is_well()
    {
        EtcdStore store = await OpenAsync(_etcd.Port);
        await PutAsync(store, "ip/a", "1");
        _etcd.Freeze();
        long began = TimeProvider.System.GetTimestamp();

        StoreUnavailableException error = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.GetAsync("ip/a", Test));

        Assert.Contains("does not answer", error.Message, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        _etcd.Thaw();
        Assert.Equal("1", await ReadAsync(store, "ip/a"));
    }

    [Fact]
    public async Task A_follower_goes_on_after_it_was_killed_and_started_again()
    {
        EtcdStore store = await OpenAsync(_etcd.Port);
        await PutAsync(store, "ip/a", "1");
        await using Follower follower = new(store);
        await follower.SeesAsync("Put ip/a=1", "Synced");

        await _etcd.KillAsync();
        string interrupted = await follower.NextAsync();
        Assert.StartsWith("Interrupted", interrupted, StringComparison.Ordinal);
        await _etcd.RunAsync();
        await PutAsync(store, "ip/b", "2");

        await follower.ReachesAsync("Put ip/b=2");
        StoreUnavailableException error = await KilledAsync(store);
        Assert.Contains("cannot be reached: Connection refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_whose_connection_passes_nothing_any_more_ends_by_itself()
    {
        await using TcpProxy proxy = new(_etcd.Port);
        EtcdStore direct = await OpenAsync(_etcd.Port);
        await PutAsync(direct, "ip/a", "1");
        EtcdStore store = await OpenAsync(proxy.Port);
        await using Follower follower = new(store);
        await follower.SeesAsync("Put ip/a=1", "Synced");

        proxy.Stall();
        Assert.StartsWith("Interrupted", await follower.NextAsync(), StringComparison.Ordinal);
        await PutAsync(direct, "ip/b", "2");
        await direct.DeleteAsync("ip/a", null, Test);
        proxy.Resume();

        await follower.ReachesAsync("Put ip/b=2", "Removed ip/a=1");
    }

    [Fact]
    public async Task After_a_compaction_that_it_did_not_see_a_follower_tells_the_difference()
    {
        await using TcpProxy proxy = new(_etcd.Port);
        EtcdStore direct = await OpenAsync(_etcd.Port);
        await PutAsync(direct, "ip/a", "1");
        EtcdStore store = await OpenAsync(proxy.Port);
        await using Follower follower = new(store);
        await follower.SeesAsync("Put ip/a=1", "Synced");

        proxy.Stall();
        await direct.DeleteAsync("ip/a", null, Test);
        StoreEntry last = await PutAsync(direct, "ip/b", "2");
        _etcd.Ctl("compact", $"{last.Modified}");
        proxy.Cut();
        proxy.Resume();

        await follower.ReachesAsync("Put ip/b=2", "Removed ip/a=1", "Synced");
        await Assert.ThrowsAsync<StoreCompactedException>(() => FirstAsync(direct.WatchAsync("ip/", new Revision(1), Test)));
    }

    [Fact]
    public async Task A_list_of_many_pages_is_whole_and_of_one_revision()
    {
        EtcdStore store = await OpenAsync(_etcd.Port, options => options with { PageSize = 10 });
        await Task.WhenAll(Enumerable.Range(0, 105).Select(i => PutAsync(store, $"ip/{i:000}", "1")));
        using var stop = new CancellationTokenSource();
        // Somebody moves two keys about, of which there is exactly one at every revision but for the moment between.
        Task writer = Task.Run(async () =>
        {
            for (int i = 2; !stop.IsCancellationRequested; i++)
            {
                await PutAsync(store, "ip/000", $"{i}");
                await PutAsync(store, "ip/104", $"{i}");
            }
        });

        for (int round = 0; round < 20; round++)
        {
            StoreSnapshot list = await store.ListAsync("ip/", Test);
            Assert.Equal(105, list.Entries.Length);
            Assert.Equal(list.Entries.Select(e => e.Key).Order(StringComparer.Ordinal), list.Entries.Select(e => e.Key));
            Assert.True(list.Entries.All(e => e.Modified <= list.Revision));
            int first = int.Parse(Encoding.UTF8.GetString(list.Entries[0].Value.Span), System.Globalization.CultureInfo.InvariantCulture);
            int last = int.Parse(Encoding.UTF8.GetString(list.Entries[^1].Value.Span), System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(first - last, 0, 1);
        }
        await stop.CancelAsync();
        await writer;
    }

    [Fact]
    public async Task One_that_lost_its_data_is_another_store()
    {
        EtcdStore store = await OpenAsync(_etcd.Port);
        await PutAsync(store, "ip/a", "1");
        StoreSnapshot before = await store.ListAsync("ip/", Test);
        await using Follower follower = new(store);
        await follower.SeesAsync("Put ip/a=1", "Synced");

        await _etcd.KillAsync();
        _etcd.LoseData();
        await _etcd.RunAsync();

        await follower.ReachesAsync("Synced IsOtherStore");
        StoreSnapshot after = await store.ListAsync("ip/", Test);
        Assert.NotEqual(before.Incarnation, after.Incarnation);
        Assert.Empty(after.Entries);
    }

    [Fact]
    public async Task A_backup_that_was_put_back_is_another_store_too()
    {
        EtcdStore store = await OpenAsync(_etcd.Port);
        await PutAsync(store, "ip/a", "1");
        await store.ListAsync("ip/", Test);
        string backup = Path.Combine(Path.GetTempPath(), $"weft-etcd-{Guid.NewGuid():N}.db");
        _etcd.Ctl("snapshot", "save", backup);
        await PutAsync(store, "ip/b", "1");
        await using Follower follower = new(store);
        await follower.SeesAsync("Put ip/a=1", "Put ip/b=1", "Synced");

        await _etcd.KillAsync();
        _etcd.Restore(backup);
        await _etcd.RunAsync();

        await follower.ReachesAsync("Synced IsOtherStore");
        File.Delete(backup);
    }

    [Fact]
    public async Task A_lease_that_was_revoked_is_lost_and_its_keys_are_gone()
    {
        EtcdStore store = await OpenAsync(_etcd.Port);
        await using IStoreLease lease = await store.GrantLeaseAsync(TimeSpan.FromSeconds(3), Test);
        await store.PutAsync(new StorePut("alive", Bytes("x")) { Lease = lease }, Test);
        Task lost = LostAsync(lease);

        _etcd.Ctl("lease", "revoke", $"{lease.Id:x}");

        await lost.WaitAsync(s_deadline, Test);
        Assert.Null(await store.GetAsync("alive", Test));
        await Assert.ThrowsAsync<StoreLeaseLostException>(() => store.PutAsync(new StorePut("alive", Bytes("x")) { Lease = lease }, Test));
    }

    [Fact]
    public async Task A_lease_that_could_not_be_renewed_is_lost_before_etcd_ends_it_and_a_new_one_serves()
    {
        await using TcpProxy proxy = new(_etcd.Port);
        EtcdStore direct = await OpenAsync(_etcd.Port);
        EtcdStore store = await OpenAsync(proxy.Port);
        await using IStoreLease lease = await store.GrantLeaseAsync(TimeSpan.FromSeconds(5), Test);
        await store.PutAsync(new StorePut("alive", Bytes("x")) { Lease = lease }, Test);
        Task lost = LostAsync(lease);

        proxy.Stall();
        await lost.WaitAsync(s_deadline, Test);
        // A leader has to stop before anybody else may begin.
        Assert.NotNull(await direct.GetAsync("alive", Test));
        proxy.Cut();
        proxy.Resume();

        await Assert.ThrowsAsync<StoreLeaseLostException>(() => store.PutAsync(new StorePut("alive", Bytes("x")) { Lease = lease }, Test));
        await using IStoreLease next = await Eventually.BecomesAsync(
            "the store answers", () => store.GrantLeaseAsync(TimeSpan.FromSeconds(5), Test), _ => true);
        await store.PutAsync(new StorePut("alive", Bytes("y")) { Lease = next }, Test);
        Assert.Equal("y", await ReadAsync(direct, "alive"));
    }

    [Fact]
    public async Task Of_several_endpoints_the_one_that_answers_is_used()
    {
        await using EtcdServer dead = await EtcdServer.StartAsync();
        await dead.KillAsync();
        EtcdStore store = await OpenAsync($"127.0.0.1:{dead.Port},127.0.0.1:{_etcd.Port}");

        // A write that did not leave may be repeated elsewhere.
        await PutAsync(store, "ip/a", "1");

        Assert.Equal("1", await ReadAsync(store, "ip/a"));
    }

    [Fact]
    public async Task Of_several_endpoints_one_that_hangs_holds_up_a_read_only_for_a_while()
    {
        await using TcpProxy hung = new(_etcd.Port);
        EtcdStore store = await OpenAsync($"127.0.0.1:{hung.Port},127.0.0.1:{_etcd.Port}");
        await PutAsync(store, "ip/a", "1");

        hung.Stall();

        Assert.Equal("1", await ReadAsync(store, "ip/a"));
        await PutAsync(store, "ip/a", "2");
    }

    private async Task<StoreUnavailableException> KilledAsync(EtcdStore store)
    {
        await _etcd.KillAsync();
        return await Assert.ThrowsAsync<StoreUnavailableException>(() => store.GetAsync("ip/a", Test));
    }

    private Task<EtcdStore> OpenAsync(int port, Func<EtcdStoreOptions, EtcdStoreOptions>? change = null) =>
        OpenAsync($"127.0.0.1:{port}", change);

    private async Task<EtcdStore> OpenAsync(string endpoints, Func<EtcdStoreOptions, EtcdStoreOptions>? change = null)
    {
        Assert.True(EtcdLocation.TryParse($"etcd://{endpoints}", out EtcdLocation? location, out string? error), error);
        var options = new EtcdStoreOptions
        {
            Location = location,
            RequestTimeout = TimeSpan.FromSeconds(3),
            ProbeAfter = TimeSpan.FromSeconds(1),
            ProbeTimeout = TimeSpan.FromSeconds(1),
        };
        EtcdStore store = await EtcdStore.OpenAsync(change?.Invoke(options) ?? options, Test);
        _opened.Add(store);
        return store;
    }

    private static async Task<StoreEntry> PutAsync(EtcdStore store, string key, string value) =>
        (await store.PutAsync(new StorePut(key, Bytes(value)), Test)).Current!;

    private static async Task<string> ReadAsync(EtcdStore store, string key) =>
        Encoding.UTF8.GetString((await store.GetAsync(key, Test))!.Value.Span);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static Task LostAsync(IStoreLease lease)
    {
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lease.Lost.Register(lost.SetResult);
        return lost.Task;
    }

    private static async Task<StoreChange?> FirstAsync(IAsyncEnumerable<StoreChange> watch)
    {
        await foreach (StoreChange change in watch)
        {
            return change;
        }
        return null;
    }

    /// <summary>A follower of "ip/" whose steps are read one by one.</summary>
    private sealed class Follower(IStore store) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private IAsyncEnumerator<FollowEvent>? _steps;

        public async Task<string> NextAsync()
        {
            _steps ??= new StoreFollower(store, "ip/", TimeProvider.System).FollowAsync(_stop.Token).GetAsyncEnumerator(_stop.Token);
            Assert.True(await _steps.MoveNextAsync().AsTask().WaitAsync(s_deadline, Test));
            FollowEvent step = _steps.Current;
            return step.Entry is { } entry ? $"{step.Kind} {entry.Key}={Encoding.UTF8.GetString(entry.Value.Span)}"
                : step.Failure is { } failure ? $"{step.Kind} {failure.Message}"
                : step.IsOtherStore ? $"{step.Kind} IsOtherStore"
                : $"{step.Kind}";
        }

        public async Task SeesAsync(params string[] steps)
        {
            foreach (string step in steps)
            {
                Assert.Equal(step, await NextAsync());
            }
        }

        /// <summary>These steps come in this order, after whatever interruptions.</summary>
        public async Task ReachesAsync(params string[] steps)
        {
            foreach (string step in steps)
            {
                string next;
                do
                {
                    next = await NextAsync();
                }
                while (next != step && (next == "Synced" || next.StartsWith("Interrupted", StringComparison.Ordinal)
                    || step.StartsWith("Synced ", StringComparison.Ordinal)));
                Assert.Equal(step, next);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            if (_steps is not null)
            {
                await _steps.DisposeAsync();
            }
            _stop.Dispose();
        }
    }
}
