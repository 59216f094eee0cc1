namespace Weft.Store;

/// <summary>The keys that the nodes of a cluster share: list and watch, compare-and-swap, keys that vanish with their holder.</summary>
/// <remarks>
/// The contract is what SQLite, etcd v3 and the Kubernetes API can all keep; tests/Weft.Store.Tests/StoreContract states it as tests.
/// Every change gets a revision greater than all before it. Changes of one store are totally ordered, but a change of two keys is
/// never atomic. All members are safe for concurrent use. They throw <see cref="StoreUnavailableException"/> for what a retry may
/// cure and <see cref="StoreException"/> for what a person must.
/// </remarks>
public interface IStore : IAsyncDisposable
{
    /// <summary>Where the store is, for messages: `sqlite:///var/lib/weft/store.db`.</summary>
    string Location { get; }

    Task<StoreEntry?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>All entries whose key starts with <paramref name="prefix"/>, by key, and the revision at which that was so.</summary>
    Task<StoreSnapshot> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Every change under <paramref name="prefix"/> with a revision greater than <paramref name="after"/>, in order, without end.</summary>
    /// <exception cref="StoreCompactedException">Changes after that revision are no longer kept: list again.</exception>
    IAsyncEnumerable<StoreChange> WatchAsync(string prefix, Revision after, CancellationToken cancellationToken);

    /// <summary>Writes if the condition holds; where it does not, the result carries the entry that stands in the way.</summary>
    /// <exception cref="StoreLeaseLostException">The lease ended before the write.</exception>
    /// <exception cref="StoreGuardException">The guard does not hold; whether the condition does is not told then.</exception>
    Task<PutResult> PutAsync(StorePut put, CancellationToken cancellationToken);

    /// <summary>Deletes the key, with <paramref name="expected"/> only while its entry has that revision. False: nothing was deleted.</summary>
    /// <exception cref="StoreGuardException">The guard does not hold.</exception>
    Task<bool> DeleteAsync(string key, Revision? expected, StoreGuard? guard, CancellationToken cancellationToken);

    /// <summary>A lease that this process keeps alive until it is disposed; keys put under it vanish at most shortly after
    /// <paramref name="timeToLive"/> when the process dies.</summary>
    Task<IStoreLease> GrantLeaseAsync(TimeSpan timeToLive, CancellationToken cancellationToken);
}
