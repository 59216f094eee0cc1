namespace Weft.Store.Sqlite;

/// <summary>Notices commits of other processes and another file at the path, and ends expired leases.</summary>
/// <remarks>
/// `PRAGMA data_version` is the truth and costs microseconds; the file watch says when to look. A write to the WAL is seen before its
/// commit is visible, so after each nudge the pump looks at once and then at growing pauses, until it only looks once a second.
/// </remarks>
internal sealed class ChangePump : IAsyncDisposable
{
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_faultPause = TimeSpan.FromMilliseconds(100);

    private readonly SharedFile _file;
    private readonly LeaseTable _leases;
    private readonly ChangeSignal _changed;
    private readonly FileNudge _nudge;
    private readonly Task _loop;
    private long _looks;

    public ChangePump(SqliteStoreOptions options, SharedFile file, LeaseTable leases, ChangeSignal changed, CancellationToken stop)
    {
        _file = file;
        _leases = leases;
        _changed = changed;
        _nudge = new FileNudge(options.Path);
        _loop = Task.Run(() => RunAsync(stop), CancellationToken.None);
    }

    /// <summary>How often the file was looked at: what an idle store costs.</summary>
    public long Looks => Interlocked.Read(ref _looks);

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
        while (!stop.IsCancellationRequested)
        {
            long? nextExpiry = null;
            try
            {
                (long seen, nextExpiry) = await LookAsync(stop).ConfigureAwait(false);
                if (seen != version)
                {
                    version = seen;
                    pause = s_shortestPause;
                    _changed.Pulse();
                }
                if (nextExpiry <= _leases.Now)
                {
                    await EndExpiredAsync(stop).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is StoreException or IOException)
            {
                // Watches read for themselves and meet the same fault; they report it to who can act.
                pause = s_faultPause;
                nextExpiry = null;
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

    private async Task<(long Version, long? NextExpiry)> LookAsync(CancellationToken stop)
    {
        Interlocked.Increment(ref _looks);
        if (_file.OpenWhatIsThere())
        {
            _nudge.Rearm();
            _changed.Pulse();
        }
        return await _file.RunAsync(file => file.Reader.RunAsync("look for changes", Look, stop)).ConfigureAwait(false);
    }

    private static (long Version, long? NextExpiry) Look(SqliteSession session) =>
        (session.Number("PRAGMA data_version"), LeaseTable.NextExpiry(session));

    private async Task EndExpiredAsync(CancellationToken stop)
    {
        if (await _file.WriteAsync("end expired leases", _leases.EndExpired, stop).ConfigureAwait(false) > 0)
        {
            _changed.Pulse();
        }
    }

    private TimeSpan Shorten(TimeSpan pause, long? nextExpiry) =>
        nextExpiry is { } at ? Min(pause, TimeSpan.FromMilliseconds(Math.Max(1, at - _leases.Now))) : pause;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
