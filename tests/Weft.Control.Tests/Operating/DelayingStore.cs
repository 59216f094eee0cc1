using Weft.Store;

namespace Weft.Control.Tests.Operating;

/// <summary>A client whose calls wait: for a random moment, so that several interleave in every order, or until it is let go on.</summary>
/// <param name="leases">Client that leases are of; null: the same.</param>
internal sealed class DelayingStore(IStore inner, int seed, IStore? leases = null) : IStore
{
    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();
    private volatile TaskCompletionSource? _frozen;

    public string Location => inner.Location;

    /// <summary>From now on no call gets through, as on a machine that stands still.</summary>
    public void Freeze() => _frozen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Thaw() => _frozen?.TrySetResult();

    public async Task<StoreEntry?> GetAsync(string key, CancellationToken cancellationToken)
    {
        await PauseAsync();
        return await inner.GetAsync(key, cancellationToken);
    }

    public async Task<StoreSnapshot> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        await PauseAsync();
        return await inner.ListAsync(prefix, cancellationToken);
    }

    public IAsyncEnumerable<StoreChange> WatchAsync(string prefix, Revision after, CancellationToken cancellationToken) =>
        inner.WatchAsync(prefix, after, cancellationToken);

    public async Task<PutResult> PutAsync(StorePut put, CancellationToken cancellationToken)
    {
        await PauseAsync();
        return await inner.PutAsync(put, cancellationToken);
    }

    public async Task<bool> DeleteAsync(string key, Revision? expected, StoreGuard? guard, CancellationToken cancellationToken)
    {
        await PauseAsync();
        return await inner.DeleteAsync(key, expected, guard, cancellationToken);
    }

    public Task<IStoreLease> GrantLeaseAsync(TimeSpan timeToLive, CancellationToken cancellationToken) =>
        (leases ?? inner).GrantLeaseAsync(timeToLive, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task PauseAsync()
    {
        if (_frozen is { } frozen)
        {
            await frozen.Task;
        }

        int turns;
        lock (_lock)
        {
            turns = _random.Next(4) == 0 ? _random.Next(30) : 0;
        }

        for (int i = 0; i < turns; i++)
        {
            await Task.Yield();
        }
    }
}
