using System.Runtime.CompilerServices;

namespace Weft.Store.Tests.Oracle;

/// <summary>A store as plainly as it can be written: one lock, one list of all changes, nothing forgotten.</summary>
/// <remarks>Keeps <see cref="Contract.StoreContract"/> too, so the contract is not merely what SQLite does.</remarks>
public sealed class MemoryStore(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (StoreEntry Entry, long Lease)> _entries = new(StringComparer.Ordinal);
    private readonly List<StoreChange> _changes = [];
    private readonly Dictionary<long, long> _leases = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastLease;

    public IStore OpenClient() => new Client(this);

    private StoreEntry? Get(string key)
    {
        lock (_lock)
        {
            EndExpired();
            return _entries.TryGetValue(key, out var found) ? found.Entry : null;
        }
    }

    private StoreSnapshot List(string prefix)
    {
        lock (_lock)
        {
            EndExpired();
            return new StoreSnapshot(
                [.. _entries.Values.Where(e => e.Entry.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(e => e.Entry)],
                new Revision(_changes.Count), "memory");
        }
    }

    private PutResult Put(StorePut put)
    {
        StoreLimits.CheckPut(put);
        lock (_lock)
        {
            EndExpired();
            if (put.Lease is { } lease && !_leases.ContainsKey(lease.Id))
            {
                throw new StoreLeaseLostException(lease.Id);
            }
            Check(put.Guard, $"put {put.Key}");
            StoreEntry? current = _entries.TryGetValue(put.Key, out var found) ? found.Entry : null;
            if (!put.Condition.HoldsFor(current?.Modified))
            {
                return new PutResult(false, current);
            }
            var revision = new Revision(_changes.Count + 1);
            var entry = new StoreEntry(put.Key, put.Value.ToArray(), current?.Created ?? revision, revision, put.Lease is not null);
            _entries[put.Key] = (entry, put.Lease?.Id ?? 0);
            Note(new StoreChange(put.Key, revision, entry));
            return new PutResult(true, entry);
        }
    }

    private bool Delete(string key, Revision? expected, StoreGuard? guard = null)
    {
        lock (_lock)
        {
            EndExpired();
            Check(guard, $"delete {key}");
            if (!_entries.TryGetValue(key, out var found) || (expected is not null && found.Entry.Modified != expected))
            {
                return false;
            }
            _entries.Remove(key);
            Note(new StoreChange(key, new Revision(_changes.Count + 1), null));
            return true;
        }
    }

    private void Check(StoreGuard? guard, string action)
    {
        if (guard is not null && !guard.HoldsFor(_entries.TryGetValue(guard.Key, out var found) ? found.Entry : null))
        {
            throw new StoreGuardException(action, guard);
        }
    }

    private long Grant(TimeSpan timeToLive)
    {
        lock (_lock)
        {
            _leases.Add(++_lastLease, clock.GetTimestamp() + timeToLive.Ticks);
            return _lastLease;
        }
    }

    private bool Renew(long lease, TimeSpan timeToLive)
    {
        lock (_lock)
        {
            EndExpired();
            return _leases.ContainsKey(lease) && (_leases[lease] = clock.GetTimestamp() + timeToLive.Ticks) > 0;
        }
    }

    private void End(long lease)
    {
        lock (_lock)
        {
            _leases.Remove(lease);
            foreach (string key in _entries.Where(e => e.Value.Lease == lease).Select(e => e.Key).ToList())
            {
                Delete(key, null);
            }
        }
    }

    private void EndExpired()
    {
        foreach (long lease in _leases.Where(l => l.Value <= clock.GetTimestamp()).Select(l => l.Key).ToList())
        {
            End(lease);
        }
    }

    private void Note(StoreChange change)
    {
        _changes.Add(change);
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private async IAsyncEnumerable<StoreChange> WatchAsync(
        string prefix, Revision after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int next = (int)after.Value; ; )
        {
            Task changed = _changed.Task;
            StoreChange? change;
            lock (_lock)
            {
                EndExpired();
                change = next > _changes.Count ? throw new StoreCompactedException(after, Revision.Zero)
                    : next < _changes.Count ? _changes[next++] : null;
            }
            if (change is null)
            {
                await changed.WaitAsync(cancellationToken);
            }
            else if (change.Key.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return change;
            }
        }
    }

    private sealed class Client(MemoryStore store) : IStore
    {
        private readonly CancellationTokenSource _closed = new();

        public string Location => "memory";

        public Task<StoreEntry?> GetAsync(string key, CancellationToken cancellationToken) => Task.FromResult(store.Get(key));

        public Task<StoreSnapshot> ListAsync(string prefix, CancellationToken cancellationToken) => Task.FromResult(store.List(prefix));

        public IAsyncEnumerable<StoreChange> WatchAsync(string prefix, Revision after, CancellationToken cancellationToken) =>
            store.WatchAsync(prefix, after, cancellationToken);

        public Task<PutResult> PutAsync(StorePut put, CancellationToken cancellationToken)
        {
            try
            {
                return Task.FromResult(store.Put(put));
            }
            catch (Exception e)
            {
                return Task.FromException<PutResult>(e);
            }
        }

        public Task<bool> DeleteAsync(string key, Revision? expected, StoreGuard? guard, CancellationToken cancellationToken)
        {
            try
            {
                return Task.FromResult(store.Delete(key, expected, guard));
            }
            catch (StoreGuardException e)
            {
                return Task.FromException<bool>(e);
            }
        }

        public Task<IStoreLease> GrantLeaseAsync(TimeSpan timeToLive, CancellationToken cancellationToken) =>
            Task.FromResult<IStoreLease>(new Lease(store, clock: store.Clock, timeToLive, _closed.Token));

        public async ValueTask DisposeAsync() => await _closed.CancelAsync();
    }

    private TimeProvider Clock => clock;

    private sealed class Lease : IStoreLease
    {
        private readonly MemoryStore _store;
        private readonly CancellationTokenSource _lost = new();
        private readonly ITimer _renewal;

        public Lease(MemoryStore store, TimeProvider clock, TimeSpan timeToLive, CancellationToken closed)
        {
            _store = store;
            TimeToLive = timeToLive;
            Id = store.Grant(timeToLive);
            _renewal = clock.CreateTimer(_ => Renew(), null, timeToLive / 3, timeToLive / 3);
            closed.Register(_renewal.Dispose);
        }

        public long Id { get; }

        public TimeSpan TimeToLive { get; }

        public CancellationToken Lost => _lost.Token;

        public ValueTask DisposeAsync()
        {
            _renewal.Dispose();
            _store.End(Id);
            return ValueTask.CompletedTask;
        }

        private void Renew()
        {
            if (!_store.Renew(Id, TimeToLive))
            {
                _lost.Cancel();
            }
        }
    }
}
