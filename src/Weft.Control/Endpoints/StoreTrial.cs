using Weft.Store;

namespace Weft.Control.Endpoints;

/// <summary>What one change of an endpoint asks of the store: once it does not answer it is not asked again, nor if it is known to be away.</summary>
/// <remarks>So a pod waits for an unreachable store once at most. What was not done is for the periodic resync.</remarks>
internal sealed class StoreTrial(Func<bool> isAway)
{
    /// <summary>Why something was not done; null: everything was.</summary>
    public StoreException? Failure { get; private set; }

    /// <returns>False: the store is away. Other failures are thrown.</returns>
    public async Task<bool> TryAsync(Func<Task> action)
    {
        if (Failure is null && isAway())
        {
            Failure = new StoreUnavailableException("the store is out of reach (see the controllers)");
        }

        if (Failure is not null)
        {
            return false;
        }

        try
        {
            await action().ConfigureAwait(false);
            return true;
        }
        catch (StoreUnavailableException error)
        {
            Failure = error;
            return false;
        }
    }
}
