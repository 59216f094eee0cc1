namespace Weft.Store;

/// <summary>A store whose every write happens only while the guard holds.</summary>
/// <remarks>Disposing it leaves the store inside open.</remarks>
public sealed class GuardedStore(IStore inner, StoreGuard leadership) : IStore
{
    public string Location => inner.Location;

    public Task<StoreEntry?> GetAsync(string key, CancellationToken cancellationToken) => inner.GetAsync(key, cancellationToken);

    public Task<StoreSnapshot> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    public IAsyncEnumerable<StoreChange> WatchAsync(string prefix, Revision after, CancellationToken cancellationToken) =>
        inner.WatchAsync(prefix, after, cancellationToken);

    public Task<PutResult> PutAsync(StorePut put, CancellationToken cancellationToken) =>
        inner.PutAsync(put with { Guard = leadership }, cancellationToken);

    public Task<bool> DeleteAsync(string key, Revision? expected, StoreGuard? guard, CancellationToken cancellationToken) =>
        inner.DeleteAsync(key, expected, leadership, cancellationToken);

    public Task<IStoreLease> GrantLeaseAsync(TimeSpan timeToLive, CancellationToken cancellationToken) =>
        inner.GrantLeaseAsync(timeToLive, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
