using Weft.Control.Addresses;
using Weft.Control.Endpoints;
using Weft.Model.Addressing;

namespace Weft.Control.Cluster;

/// <summary>Keeps what the store says of this node's endpoints true, also after it could not be told in time.</summary>
public sealed class AddressSync(AddressRegistry registry, EndpointLifecycle endpoints, ClusterView view)
{
    /// <remarks>
    /// Endpoints come and go meanwhile, and tell the store themselves. What the resync did on old knowledge is put right at once:
    /// an endpoint deleted during the run may have been published again, one created may have been removed.
    /// </remarks>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyCollection<AddressRecord> before = endpoints.Published;
        if (view.Own is { } told)
        {
            // All nodes do this all the time: none of them lists the whole cluster for it.
            await registry.ResyncAsync(before, told, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await registry.ResyncAsync(before, cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyCollection<AddressRecord> after = endpoints.Published;
        foreach (AddressRecord gone in before.Where(record => after.All(other => !other.Prefix.Equals(record.Prefix))))
        {
            await registry.WithdrawAsync(gone.Prefix, cancellationToken).ConfigureAwait(false);
        }

        foreach (AddressRecord added in after.Except(before))
        {
            await registry.PublishAsync(added, cancellationToken).ConfigureAwait(false);
        }
    }
}
