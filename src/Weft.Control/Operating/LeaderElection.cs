using System.Text;
using Weft.Store;

namespace Weft.Control.Operating;

/// <summary>Sees to it that of all that take part one leads: who made a leased key.</summary>
/// <remarks>
/// The lease is counted from before it was asked for, so a leader stops before the store ends it. One that stood still meanwhile
/// (a stopped machine, a long pause) and wakes after another was elected cannot write: its writes are guarded by the key that it made.
/// </remarks>
public sealed class LeaderElection(IStore store, string key, string name, TimeSpan timeToLive)
{
    /// <summary>Long enough for a store that restarts, short enough for nodes that wait for a pod CIDR.</summary>
    public static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromSeconds(15);

    /// <summary>Takes part until cancelled; leads as often as elected.</summary>
    /// <param name="lead">Given a store for all that a leader writes, and the end of the leadership. It is to run until then.</param>
    public async Task RunAsync(Func<IStore, CancellationToken, Task> lead, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lead);
        while (true)
        {
            await WaitUntilVacantAsync(cancellationToken).ConfigureAwait(false);
            IStoreLease lease = await store.GrantLeaseAsync(timeToLive, cancellationToken).ConfigureAwait(false);
            await using (lease.ConfigureAwait(false))
            {
                PutResult claim = await store.PutAsync(
                    new StorePut(key, Encoding.UTF8.GetBytes(name)) { Condition = PutCondition.Absent, Lease = lease },
                    cancellationToken).ConfigureAwait(false);
                if (claim.Written)
                {
                    await LeadAsync(claim.Current!, lease, lead, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private async Task LeadAsync(
        StoreEntry made, IStoreLease lease, Func<IStore, CancellationToken, Task> lead, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, cancellationToken);
        // Whoever removes the key ends the leadership too: what is written after that would fail anyway.
        Task removed = EndWhenRemovedAsync(made, end);
        try
        {
            await lead(new GuardedStore(store, new StoreGuard(key, made.Created)), end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or StoreGuardException or StoreLeaseLostException
            && !cancellationToken.IsCancellationRequested)
        {
            // Another one leads, or soon does.
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await removed.ConfigureAwait(false);
        }
    }

    private async Task EndWhenRemovedAsync(StoreEntry made, CancellationTokenSource end)
    {
        try
        {
            await foreach (StoreChange change in store.WatchAsync(key, made.Modified, end.Token).ConfigureAwait(false))
            {
                if (change.Key == key && change.Entry?.Created != made.Created)
                {
                    await end.CancelAsync().ConfigureAwait(false);
                    return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or StoreException)
        {
            // The leadership ended, or the store is away: then the lease decides.
        }
    }

    private async Task WaitUntilVacantAsync(CancellationToken cancellationToken)
    {
        StoreSnapshot list = await store.ListAsync(key, cancellationToken).ConfigureAwait(false);
        if (list.Entries.All(entry => entry.Key != key))
        {
            return;
        }

        await foreach (StoreChange change in store.WatchAsync(key, list.Revision, cancellationToken).ConfigureAwait(false))
        {
            if (change.Key == key && change.IsDelete)
            {
                return;
            }
        }
    }
}
