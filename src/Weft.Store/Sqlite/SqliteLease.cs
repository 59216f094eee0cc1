namespace Weft.Store.Sqlite;

/// <summary>A row in the lease table, renewed three times per time to live.</summary>
internal sealed class SqliteLease : IStoreLease
{
    private readonly SqliteStore _store;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop;
    private readonly Task _renewal;

    public SqliteLease(SqliteStore store, long id, TimeSpan timeToLive, TimeProvider clock, CancellationToken storeClosed)
    {
        _store = store;
        _clock = clock;
        Id = id;
        TimeToLive = timeToLive;
        Lost = _lost.Token;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(storeClosed);
        _renewal = KeepAliveAsync(_stop.Token);
    }

    public long Id { get; }

    public TimeSpan TimeToLive { get; }

    public CancellationToken Lost { get; }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }
        await _stop.CancelAsync().ConfigureAwait(false);
        await _renewal.ConfigureAwait(false);
        try
        {
            await _store.EndLeaseAsync(this).ConfigureAwait(false);
        }
        catch (StoreException)
        {
            // Not reachable now: the lease runs out by itself.
        }
        _stop.Dispose();
        _lost.Dispose();
    }

    private async Task KeepAliveAsync(CancellationToken stop)
    {
        long renewed = _clock.GetTimestamp();
        TimeSpan pause = TimeToLive / 3;
        try
        {
            while (true)
            {
                await Task.Delay(pause, _clock, stop).ConfigureAwait(false);
                long now = _clock.GetTimestamp();
                bool? alive = await RenewAsync(stop).ConfigureAwait(false);
                if (alive == true)
                {
                    renewed = now;
                    pause = TimeToLive / 3;
                }
                else if (alive == false || _clock.GetElapsedTime(renewed) >= TimeToLive)
                {
                    await _lost.CancelAsync().ConfigureAwait(false);
                    return;
                }
                else
                {
                    pause = TimeToLive / 10;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Disposed, or the store was closed: in either case nobody waits for Lost.
        }
    }

    // Null: the store did not answer, so nobody knows.
    private async Task<bool?> RenewAsync(CancellationToken stop)
    {
        try
        {
            return await _store.RenewLeaseAsync(this, stop).ConfigureAwait(false);
        }
        catch (StoreException)
        {
            return null;
        }
    }
}
