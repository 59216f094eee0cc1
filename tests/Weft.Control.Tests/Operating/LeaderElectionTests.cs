using System.Text;
using Weft.Control.Operating;
using Weft.Store;
using Weft.Tests.Shared;

namespace Weft.Control.Tests.Operating;

public sealed class LeaderElectionTests : IAsyncDisposable
{
    private const string Key = "weft/state/leader/v1/default";
    private const string Work = "work/";

    private static readonly TimeSpan s_timeToLive = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    private readonly SharedStore _store = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task When_the_leader_dies_another_takes_over_within_the_lease()
    {
        await using Candidate one = await Candidate.StartAsync(_store, "one", 1);
        await one.LeadsAsync();
        await using Candidate two = await Candidate.StartAsync(_store, "two", 2);
        long died = TimeProvider.System.GetTimestamp();

        await one.DieAsync();
        await two.LeadsAsync();

        Assert.InRange(TimeProvider.System.GetElapsedTime(died), s_timeToLive / 3, s_timeToLive * 5);
    }

    [Fact]
    public async Task A_leader_that_is_told_to_end_makes_room_at_once()
    {
        await using Candidate one = await Candidate.StartAsync(_store, "one", 1);
        await one.LeadsAsync();
        await using Candidate two = await Candidate.StartAsync(_store, "two", 2);

        await one.EndAsync();

        await two.LeadsAsync();
        Assert.Equal("two", Encoding.UTF8.GetString((await (await _store.OpenClientAsync()).GetAsync(Key, Test))!.Value.Span));
    }

    [Fact]
    public async Task A_leader_that_stood_still_while_another_was_elected_changes_nothing_when_it_wakes()
    {
        await using Candidate sleeper = await Candidate.StartAsync(_store, "sleeper", 1);
        await sleeper.LeadsAsync();
        await using Candidate other = await Candidate.StartAsync(_store, "other", 2);

        sleeper.Freeze();
        await sleeper.StopRenewingAsync();
        await other.LeadsAsync();
        Task<Exception> woken = sleeper.WriteRefusedAsync();
        sleeper.Thaw();

        Assert.IsType<StoreGuardException>(await woken.WaitAsync(s_deadline, Test));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(0)]
    public async Task Of_many_that_come_and_die_at_random_no_two_ever_act_at_once(int given)
    {
        int seed = given == 0 ? Random.Shared.Next() : given;
        Random random = new(seed);
        IStore watcher = await _store.OpenClientAsync();
        List<Candidate> candidates = [];
        for (int i = 0; i < 8; i++)
        {
            candidates.Add(await Candidate.StartAsync(_store, $"c{i}", seed + i));
            if (i >= 2)
            {
                Candidate leader = await LeaderAsync(candidates);
                await leader.WritesAsync(5);
                await (random.Next(2) == 0 ? leader.DieAsync() : leader.EndAsync());
                candidates.Remove(leader);
            }
        }

        foreach (Candidate candidate in candidates)
        {
            await candidate.DisposeAsync();
        }

        // The oracle: whoever wrote work was, at that revision, who had made the key.
        Revision end = (await watcher.ListAsync("", Test)).Revision;
        string? leads = null;
        int terms = 0;
        await foreach (StoreChange change in watcher.WatchAsync("", Revision.Zero, Test))
        {
            string? value = change.Entry is { } entry ? Encoding.UTF8.GetString(entry.Value.Span) : null;
            if (change.Key == Key)
            {
                Assert.True(value is null || leads is null, $"seed {seed}: {value} took over from {leads}, which had not ended");
                terms += value is null ? 0 : 1;
                leads = value;
            }
            else if (change.Key.StartsWith(Work, StringComparison.Ordinal))
            {
                Assert.True(value == leads, $"seed {seed}: {value} wrote while {leads ?? "nobody"} led");
            }

            if (change.Revision == end)
            {
                break;
            }
        }

        Assert.True(terms >= 6, $"seed {seed}: {terms} terms");
    }

    private static async Task<Candidate> LeaderAsync(IEnumerable<Candidate> candidates)
    {
        Task<Candidate> first = await Task.WhenAny(candidates.Select(async candidate =>
        {
            await candidate.LeadsAsync();
            return candidate;
        }));
        return await first;
    }

    /// <summary>One that takes part and, while it leads, writes as fast as it can.</summary>
    private sealed class Candidate : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly TaskCompletionSource _leads = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly DelayingStore _store;
        private readonly IStore _client;
        private readonly IStore _leases;
        private readonly string _name;
        private Task _part = Task.CompletedTask;
        private IStore? _guarded;
        private int _written;

        private Candidate(IStore client, IStore leases, string name, int seed)
        {
            _client = client;
            _leases = leases;
            _store = new DelayingStore(client, seed, leases);
            _name = name;
        }

        public static async Task<Candidate> StartAsync(SharedStore store, string name, int seed)
        {
            Candidate candidate = new(await store.OpenClientAsync(), await store.OpenClientAsync(), name, seed);
            LeaderElection election = new(candidate._store, Key, name, s_timeToLive);
            candidate._part = Task.Run(() => election.RunAsync(candidate.LeadAsync, candidate._stop.Token));
            return candidate;
        }

        public Task LeadsAsync() => _leads.Task.WaitAsync(s_deadline, Test);

        public Task<int> WritesAsync(int more)
        {
            int goal = Volatile.Read(ref _written) + more;
            return Eventually.BecomesAsync($"{_name} writes", () => Task.FromResult(Volatile.Read(ref _written)), n => n >= goal);
        }

        public void Freeze() => _store.Freeze();

        public void Thaw() => _store.Thaw();

        /// <summary>What its next write ends with.</summary>
        public async Task<Exception> WriteRefusedAsync() =>
            await Assert.ThrowsAnyAsync<Exception>(() => ((GuardedStore)_guarded!).PutAsync(new StorePut(Work + "late", default), Test));

        /// <summary>Its connection ends with it, and nobody gives up the lease.</summary>
        public async Task DieAsync()
        {
            await StopRenewingAsync();
            await _client.DisposeAsync();
        }

        public async Task StopRenewingAsync() => await _leases.DisposeAsync();

        public async Task EndAsync()
        {
            await _stop.CancelAsync();
            await _part.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        public async ValueTask DisposeAsync()
        {
            _store.Thaw();
            await EndAsync();
        }

        private async Task LeadAsync(IStore guarded, CancellationToken end)
        {
            _guarded = guarded;
            _leads.TrySetResult();
            while (!end.IsCancellationRequested)
            {
                await guarded.PutAsync(new StorePut(Work + _name, Encoding.UTF8.GetBytes(_name)), CancellationToken.None);
                Interlocked.Increment(ref _written);
            }
        }
    }
}
