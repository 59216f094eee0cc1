using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Weft.Store.Sqlite;

/// <summary>The store as one SQLite file that several agents of a machine share.</summary>
/// <remarks>docs/design/store.md has the tables, the way a change is noticed, and what each fault does.</remarks>
public sealed class SqliteStore : IStore
{
    private readonly SqliteStoreOptions _options;
    private readonly LeaseTable _leases;
    private readonly SqliteSession _writer;
    private readonly SqliteSession _reader;
    private readonly ChangeSignal _changed = new();
    private readonly ChangePump _pump;
    private readonly CancellationTokenSource _closed = new();

    private SqliteStore(SqliteStoreOptions options)
    {
        _options = options;
        _leases = new LeaseTable(options.Clock);
        var errors = new SqliteErrors(options);
        _writer = DatabaseFile.Open(options, errors);
        try
        {
            _reader = new SqliteSession(options, errors);
        }
        catch
        {
            _writer.Dispose();
            throw;
        }
        _pump = new ChangePump(options, _reader, _writer, _leases, _changed, _closed.Token);
    }

    public string Location => StoreLocation.Sqlite(_options.Path).ToString();

    public static Task<SqliteStore> OpenAsync(SqliteStoreOptions options, CancellationToken cancellationToken) =>
        Task.Run(() => new SqliteStore(options), cancellationToken);

    public Task<StoreEntry?> GetAsync(string key, CancellationToken cancellationToken)
    {
        StoreLimits.CheckKey(key);
        return _reader.RunAsync($"get {key}", s => EntryTable.Get(s, key), cancellationToken);
    }

    public Task<StoreSnapshot> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPrefix(prefix);
        return _reader.ReadAsync($"list {prefix}", s => EntryTable.List(s, prefix), cancellationToken);
    }

    public IAsyncEnumerable<StoreChange> WatchAsync(string prefix, Revision after, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPrefix(prefix);
        return WatchCoreAsync(prefix, after, cancellationToken);
    }

    public async Task<PutResult> PutAsync(StorePut put, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPut(put);
        PutResult result = await _writer.WriteAsync($"put {put.Key}", s => Put(s, put), cancellationToken).ConfigureAwait(false);
        if (result.Written)
        {
            _pump.NoteOwnChange();
        }
        return result;
    }

    public async Task<bool> DeleteAsync(string key, Revision? expected, CancellationToken cancellationToken)
    {
        StoreLimits.CheckKey(key);
        bool deleted = await _writer.WriteAsync($"delete {key}", s => Delete(s, key, expected), cancellationToken).ConfigureAwait(false);
        if (deleted)
        {
            _pump.NoteOwnChange();
        }
        return deleted;
    }

    public async Task<IStoreLease> GrantLeaseAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        StoreLimits.CheckTimeToLive(timeToLive);
        long id = await _writer.WriteAsync("grant a lease", s => _leases.Grant(s, timeToLive), cancellationToken).ConfigureAwait(false);
        _pump.NoteOwnChange();
        return new SqliteLease(this, id, timeToLive, _options.Clock, _closed.Token);
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
        _changed.Pulse();
        _reader.Dispose();
        _writer.Dispose();
        _closed.Dispose();
    }

    internal Task<bool> RenewLeaseAsync(SqliteLease lease, CancellationToken cancellationToken) => _writer.WriteAsync(
        $"renew lease {lease.Id}", s => _leases.Renew(s, lease.Id, lease.TimeToLive), cancellationToken);

    internal async Task EndLeaseAsync(SqliteLease lease)
    {
        await _writer.WriteAsync(
            $"end lease {lease.Id}",
            s =>
            {
                LeaseTable.End(s, lease.Id);
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
        StoreEntry? current = EntryTable.Get(session, put.Key);
        if (!put.Condition.HoldsFor(current?.Modified))
        {
            return new PutResult(Written: false, current);
        }
        StoreEntry written = EntryTable.Put(session, put.Key, put.Value, current, put.Lease?.Id);
        EntryTable.Compact(session, written.Modified, _options);
        return new PutResult(Written: true, written);
    }

    private static bool Delete(SqliteSession session, string key, Revision? expected)
    {
        StoreEntry? current = EntryTable.Get(session, key);
        if (current is null || (expected is not null && current.Modified != expected))
        {
            return false;
        }
        EntryTable.Delete(session, key);
        return true;
    }

    private async IAsyncEnumerable<StoreChange> WatchCoreAsync(
        string prefix, Revision after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next = _changed.Next;
            Revision from = after;
            (ImmutableArray<StoreChange> changes, after) = await _reader.ReadAsync(
                $"watch {prefix}", s => EntryTable.ChangesAfter(s, prefix, from), cancellationToken).ConfigureAwait(false);
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
