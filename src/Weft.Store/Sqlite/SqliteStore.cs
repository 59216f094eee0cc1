using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Weft.Store.Sqlite;

/// <summary>The store as one SQLite file that several agents of a machine share.</summary>
/// <remarks>docs/design/store.md has the tables, the way a change is noticed, and what each fault does.</remarks>
public sealed class SqliteStore : IStore
{
    private readonly SqliteStoreOptions _options;
    private readonly LeaseTable _leases;
    private readonly SharedFile _file;
    private readonly ChangeSignal _changed = new();
    private readonly ChangePump _pump;
    private readonly CancellationTokenSource _closed = new();

    private SqliteStore(SqliteStoreOptions options)
    {
        _options = options;
        _leases = new LeaseTable(options.Clock);
        _file = new SharedFile(options);
        _file.OpenWhatIsThere();
        _pump = new ChangePump(options, _file, _leases, _changed, _closed.Token);
    }

    /// <summary>How often the file was looked at for changes of other processes.</summary>
    internal long Looks => _pump.Looks;

    public string Location => StoreLocation.Sqlite(_options.Path).ToString();

    public static Task<SqliteStore> OpenAsync(SqliteStoreOptions options, CancellationToken cancellationToken) =>
        Task.Run(() => new SqliteStore(options), cancellationToken);

    public Task<StoreEntry?> GetAsync(string key, CancellationToken cancellationToken)
    {
        StoreLimits.CheckKey(key);
        return _file.RunAsync(file => file.Reader.RunAsync($"get {key}", s => EntryTable.Get(s, key), cancellationToken));
    }

    public Task<StoreSnapshot> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPrefix(prefix);
        return _file.RunAsync(file => file.Reader.ReadAsync(
            $"list {prefix}", s => EntryTable.List(s, prefix, file.Incarnation), cancellationToken));
    }

    public IAsyncEnumerable<StoreChange> WatchAsync(string prefix, Revision after, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPrefix(prefix);
        return WatchCoreAsync(prefix, after, cancellationToken);
    }

    public async Task<PutResult> PutAsync(StorePut put, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPut(put);
        PutResult result = await _file.WriteAsync($"put {put.Key}", s => Put(s, put), cancellationToken).ConfigureAwait(false);
        if (result.Written)
        {
            _pump.NoteOwnChange();
        }
        return result;
    }

    public async Task<bool> DeleteAsync(string key, Revision? expected, StoreGuard? guard, CancellationToken cancellationToken)
    {
        StoreLimits.CheckKey(key);
        bool deleted = await _file.WriteAsync($"delete {key}", s => Delete(s, key, expected, guard), cancellationToken).ConfigureAwait(false);
        if (deleted)
        {
            _pump.NoteOwnChange();
        }
        return deleted;
    }

    public async Task<IStoreLease> GrantLeaseAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        StoreLimits.CheckTimeToLive(timeToLive);
        long granted = _options.Clock.GetTimestamp();
        long id = await _file.WriteAsync("grant a lease", s => _leases.Grant(s, timeToLive), cancellationToken).ConfigureAwait(false);
        _pump.NoteOwnChange();
        return new KeptLease(
            id, timeToLive, granted, stop => RenewLeaseAsync(id, timeToLive, stop), () => EndLeaseAsync(id), _options.Clock, _closed.Token);
    }

    /// <summary>Closes the file. Leases that were not disposed run out, as they do when the process dies.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed.IsCancellationRequested)
        {
            return;
        }
        await _closed.CancelAsync().ConfigureAwait(false);
        await _pump.DisposeAsync().ConfigureAwait(false);
        _file.Dispose();
        // Watches that wait find the file closed and end.
        _changed.Pulse();
        _closed.Dispose();
    }

    private Task<bool> RenewLeaseAsync(long lease, TimeSpan timeToLive, CancellationToken cancellationToken) => _file.WriteAsync(
        $"renew lease {lease}", s => _leases.Renew(s, lease, timeToLive), cancellationToken);

    private async Task EndLeaseAsync(long lease)
    {
        await _file.WriteAsync(
            $"end lease {lease}",
            s =>
            {
                LeaseTable.End(s, lease);
                return true;
            },
            CancellationToken.None).ConfigureAwait(false);
        _pump.NoteOwnChange();
    }

    private PutResult Put(SqliteSession session, StorePut put)
    {
        if (put.Lease is { } lease && !_leases.IsAlive(session, lease.Id))
        {
            throw new StoreLeaseLostException(lease.Id);
        }
        Check(session, put.Guard, $"put {put.Key}");
        StoreEntry? current = EntryTable.Get(session, put.Key);
        if (!put.Condition.HoldsFor(current?.Modified))
        {
            return new PutResult(Written: false, current);
        }
        StoreEntry written = EntryTable.Put(session, put.Key, put.Value, current, put.Lease?.Id);
        EntryTable.Compact(session, written.Modified, _options);
        return new PutResult(Written: true, written);
    }

    private static bool Delete(SqliteSession session, string key, Revision? expected, StoreGuard? guard)
    {
        Check(session, guard, $"delete {key}");
        StoreEntry? current = EntryTable.Get(session, key);
        if (current is null || (expected is not null && current.Modified != expected))
        {
            return false;
        }
        EntryTable.Delete(session, key);
        return true;
    }

    private static void Check(SqliteSession session, StoreGuard? guard, string action)
    {
        if (guard is not null && !guard.HoldsFor(EntryTable.Get(session, guard.Key)))
        {
            throw new StoreGuardException(action, guard);
        }
    }

    private async IAsyncEnumerable<StoreChange> WatchCoreAsync(
        string prefix, Revision after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SqliteFile begun = _file.Current;
        while (true)
        {
            Task next = _changed.Next;
            Revision from = after;
            (ImmutableArray<StoreChange> changes, after) = await _file.RunAsync(file => file == begun
                ? file.Reader.ReadAsync($"watch {prefix}", s => EntryTable.ChangesAfter(s, prefix, from), cancellationToken)
                : throw new StoreCompactedException($"watch {prefix}: the file of store {_options.Path} was replaced (list again)"))
                .ConfigureAwait(false);
            foreach (StoreChange change in changes)
            {
                yield return change;
            }
            if (changes.IsEmpty && after == from)
            {
                await next.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
