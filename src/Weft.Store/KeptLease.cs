namespace Weft.Store;

/// <summary>A lease that is renewed three times per time to live, whatever store it is of.</summary>
internal sealed class KeptLease : IStoreLease
{
    private readonly Func<CancellationToken, Task<bool>> _renew;
    private readonly Func<Task> _end;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop;
    private readonly Task _renewal;

    /// <param name="granted">The clock's timestamp from before the lease was asked for.</param>
    /// <param name="renew">False: the lease has ended. Throws <see cref="StoreException"/> where nobody knows.</param>
    /// <param name="end">Deletes the keys put under it.</param>
    public KeptLease(
        long id, TimeSpan timeToLive, long granted, Func<CancellationToken, Task<bool>> renew, Func<Task> end, TimeProvider clock,
        CancellationToken storeClosed)
    {
        Id = id;
        TimeToLive = timeToLive;
        _renew = renew;
        _end = end;
        _clock = clock;
        Lost = _lost.Token;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(storeClosed);
        _renewal = KeepAliveAsync(granted, _stop.Token);
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
            await _end().ConfigureAwait(false);
        }
        catch (StoreException)
        {
            // Not reachable now: the lease runs out by itself.
        }
        _stop.Dispose();
        _lost.Dispose();
    }

    private async Task KeepAliveAsync(long renewed, CancellationToken stop)
    {
        TimeSpan pause = TimeToLive / 3;
        try
        {
            while (true)
            {
                await Task.Delay(pause, _clock, stop).ConfigureAwait(false);
                long now = _clock.GetTimestamp();
                bool? alive = await RenewAsync(renewed, stop).ConfigureAwait(false);
                if (alive == true)
                {
                    renewed = now;
                    pause = TimeToLive / 3;
                }
                else if (alive == false || Left(renewed) <= TimeSpan.Zero)
                {
                    await _lost.CancelAsync().ConfigureAwait(false);
                    return;
                }
                else
                {
                    pause = Min(TimeToLive / 10, Left(renewed));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Disposed, or the store was closed: in either case nobody waits for Lost.
        }
    }

    // Null: the store did not answer, so nobody knows. An answer that comes after the end of the lease would be of no use.
    private async Task<bool?> RenewAsync(long renewed, CancellationToken stop)
    {
        TimeSpan left = Left(renewed);
        using var late = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            return await _renew(either.Token).ConfigureAwait(false);
        }
        catch (StoreException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }

    // Whoever holds it has the last tenth to stop in: until then nobody else can have it.
    private TimeSpan Left(long renewed) => (TimeToLive * 0.9) - _clock.GetElapsedTime(renewed);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
