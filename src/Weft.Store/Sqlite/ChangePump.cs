namespace Weft.Store.Sqlite;

/// <summary>Notices commits of other processes and ends expired leases.</summary>
/// <remarks>
/// `PRAGMA data_version` is the truth and costs microseconds; the file watch says when to look. A write to the WAL is seen before its
/// commit is visible, so after each nudge the pump looks at once and then at growing pauses, until it only looks once a second.
/// </remarks>
internal sealed class ChangePump : IAsyncDisposable
{
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(1);

    private readonly SqliteSession _reader;
    private readonly SqliteSession _writer;
    private readonly LeaseTable _leases;
    private readonly ChangeSignal _changed;
    private readonly FileNudge _nudge;
    private readonly Task _loop;

    public ChangePump(
        SqliteStoreOptions options, SqliteSession reader, SqliteSession writer, LeaseTable leases, ChangeSignal changed, CancellationToken stop)
    {
        _reader = reader;
        _writer = writer;
        _leases = leases;
        _changed = changed;
        _nudge = new FileNudge(options.Path);
        _loop = Task.Run(() => RunAsync(stop), CancellationToken.None);
    }

    /// <summary>Wakes the watches of this process without waiting for the file system.</summary>
    public void NoteOwnChange()
    {
        _changed.Pulse();
        _nudge.Set();
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.ConfigureAwait(false);
        _nudge.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        long version = -1;
        TimeSpan pause = s_shortestPause;
        long? nextExpiry = null;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                (long Version, long? NextExpiry) seen = await _reader.RunAsync("look for changes", Look, stop).ConfigureAwait(false);
                nextExpiry = seen.NextExpiry;
                if (seen.Version != version)
                {
                    version = seen.Version;
                    pause = s_shortestPause;
                    _changed.Pulse();
                }
                if (nextExpiry <= _leases.Now)
                {
                    await EndExpiredAsync(stop).ConfigureAwait(false);
                }
            }
            catch (StoreException)
            {
                // Watches read for themselves and meet the same fault; they report it to who can act.
                pause = _nudge.LongestPause;
                _changed.Pulse();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            pause = await _nudge.WaitAsync(Shorten(pause, nextExpiry), stop).ConfigureAwait(false)
                ? s_shortestPause
                : Min(pause * 2, _nudge.LongestPause);
        }
    }

    private static (long Version, long? NextExpiry) Look(SqliteSession session) =>
        (session.Number("PRAGMA data_version"), LeaseTable.NextExpiry(session));

    private async Task EndExpiredAsync(CancellationToken stop)
    {
        if (await _writer.WriteAsync("end expired leases", _leases.EndExpired, stop).ConfigureAwait(false) > 0)
        {
            _changed.Pulse();
        }
    }

    private TimeSpan Shorten(TimeSpan pause, long? nextExpiry) =>
        nextExpiry is { } at ? Min(pause, TimeSpan.FromMilliseconds(Math.Max(1, at - _leases.Now))) : pause;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
