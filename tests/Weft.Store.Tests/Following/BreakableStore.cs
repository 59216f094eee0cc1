using System.Runtime.CompilerServices;

namespace Weft.Store.Tests.Following;

/// <summary>A store whose lists and watches end with an error when the test says so.</summary>
public sealed class BreakableStore(IStore inner) : IStore
{
    private CancellationTokenSource _cut = new();
    private StoreException? _watchFailure;

    public int Lists { get; private set; }

    /// <summary>While set, lists fail with it.</summary>
    public StoreException? ListFailure { get; set; }

    public string Location => inner.Location;

    /// <summary>Ends every watch that is running, or the next one, with the error.</summary>
    public void CutWatches(StoreException failure)
    {
        _watchFailure = failure;
        _cut.Cancel();
    }

    public Task<StoreSnapshot> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        Lists++;
        return ListFailure is null ? inner.ListAsync(prefix, cancellationToken) : Task.FromException<StoreSnapshot>(ListFailure);
    }

    public async IAsyncEnumerable<StoreChange> WatchAsync(
        string prefix, Revision after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cut.Token);
        await using IAsyncEnumerator<StoreChange> watch = inner.WatchAsync(prefix, after, either.Token).GetAsyncEnumerator(either.Token);
        while (true)
        {
            try
            {
                either.Token.ThrowIfCancellationRequested();
                await watch.MoveNextAsync();
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                _cut.Dispose();
                _cut = new CancellationTokenSource();
                throw _watchFailure!;
            }
            yield return watch.Current;
        }
    }

    public Task<StoreEntry?> GetAsync(string key, CancellationToken cancellationToken) => inner.GetAsync(key, cancellationToken);

    public Task<PutResult> PutAsync(StorePut put, CancellationToken cancellationToken) => inner.PutAsync(put, cancellationToken);

    public Task<bool> DeleteAsync(string key, Revision? expected, StoreGuard? guard, CancellationToken cancellationToken) =>
        inner.DeleteAsync(key, expected, guard, cancellationToken);

    public Task<IStoreLease> GrantLeaseAsync(TimeSpan timeToLive, CancellationToken cancellationToken) =>
        inner.GrantLeaseAsync(timeToLive, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _cut.Dispose();
        return inner.DisposeAsync();
    }
}
