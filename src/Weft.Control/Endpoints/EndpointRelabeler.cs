using System.Net;
using Microsoft.Extensions.Logging;
using Weft.Control.State;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Store;

namespace Weft.Control.Endpoints;

/// <summary>Gives an endpoint other labels, and with them another identity, while its packets flow.</summary>
internal sealed partial class EndpointRelabeler(EndpointContext context)
{
    private readonly ILogger _log = context.Loggers.CreateLogger<EndpointRelabeler>();

    public async Task ChangeAsync(Endpoint endpoint, LabelSet labels, CancellationToken cancellationToken)
    {
        string attempt = $"change labels of endpoint {endpoint.Id}";
        await endpoint.Changes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (endpoint.State != EndpointStateName.Ready)
            {
                throw new EndpointException(EndpointError.Conflict, $"{attempt}: it is being deleted");
            }

            EndpointRecord before = endpoint.Record;
            if (before.Identity == Identity.Health && !before.Labels.Equals(labels))
            {
                throw new EndpointException(EndpointError.Invalid, $"{attempt}: it is the agent's own, and its identity is fixed");
            }

            if (before.Labels.Equals(labels) && await HasIdentityAsync(before, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            Identity identity = await EndpointIdentity.AcquireAsync(context.Identities, labels, cancellationToken).ConfigureAwait(false);
            EndpointRecord after = before with { Labels = labels, Identity = identity };
            try
            {
                // The others learn the identity before packets carry it.
                foreach (AddressRecord address in context.Node.Publish(after))
                {
                    await context.Addresses.PublishAsync(address, cancellationToken).ConfigureAwait(false);
                }
            }
            catch
            {
                await context.Identities.ReleaseAsync(identity, CancellationToken.None).ConfigureAwait(false);
                throw;
            }

            context.State.Write(new StoredEndpoint(EndpointPhase.Ready, after));
            endpoint.Replace(after);
            await context.Policy.AdmitAsync(after, CancellationToken.None).ConfigureAwait(false);
            foreach (IPAddress address in after.Addresses)
            {
                context.Ipcache.Put(address.AsPrefix(), identity, tunnelEndpoint: null);
            }

            context.Entries.Put(after);
            endpoint.Enter(EndpointStateName.Ready, $"labels changed, identity {before.Identity} became {identity}");
            LogChanged(endpoint.Id, before.Identity, identity);
            await context.Identities.ReleaseAsync(before.Identity, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is StoreException or IOException && EndpointFailures.Describe(attempt, error) is { } described)
        {
            throw described;
        }
        finally
        {
            endpoint.Changes.Release();
        }
    }

    // A pod that came while the store was away may have none yet; after its loss other nodes may have agreed on another number for the same labels.
    private async Task<bool> HasIdentityAsync(EndpointRecord record, CancellationToken cancellationToken) =>
        await context.Identities.FindUsedAsync(record.Labels, cancellationToken).ConfigureAwait(false) is { } used
            ? used == record.Identity
            : !EndpointIdentity.IsStandIn(record.Identity, record.Labels);

    [LoggerMessage(EventId = 120, Level = LogLevel.Information, Message = "labels changed id={Id} identity={Before}->{After}")]
    private partial void LogChanged(EndpointId id, Identity before, Identity after);
}
