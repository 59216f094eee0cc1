using System.Net;
using Microsoft.Extensions.Logging;
using Weft.Abi;
using Weft.Control.State;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Store;

namespace Weft.Control.Endpoints;

/// <summary>Takes an endpoint away, from its place in the store to its state file.</summary>
/// <remarks>Every step may find that there is nothing to do, so a removal that was cut short is finished by another.</remarks>
internal sealed partial class EndpointRemover(EndpointContext context, EndpointTable table, EndpointIds ids)
{
    private readonly ILogger _log = context.Loggers.CreateLogger<EndpointRemover>();

    /// <exception cref="EndpointException">
    /// It is gone already, or the kernel refused; the removal is then finished at the next try or start.
    /// </exception>
    /// <param name="missingIsFine">Whether it may be gone already.</param>
    public async Task RemoveAsync(Endpoint endpoint, CancellationToken cancellationToken, bool missingIsFine = false)
    {
        string attempt = $"delete endpoint {endpoint.Id}";
        await endpoint.Changes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (table.TryFind(endpoint.Id) != endpoint)
            {
                if (missingIsFine)
                {
                    return;
                }

                throw new EndpointException(EndpointError.NotFound, $"{attempt}: it was deleted meanwhile");
            }

            endpoint.Enter(EndpointStateName.Disconnecting, "deletion began");
            context.State.Write(new StoredEndpoint(EndpointPhase.Deleting, endpoint.Record));
            await EraseAsync(endpoint.Record).ConfigureAwait(false);
            await ReleaseIdentityAsync(endpoint.Record).ConfigureAwait(false);
            table.Remove(endpoint);
            foreach (IPAddress address in endpoint.Record.Addresses)
            {
                context.Pools.Release(address);
            }

            ids.Release(endpoint.Id);
            LogDeleted(endpoint.Id, endpoint.Record.IPv4, endpoint.Record.IPv6, endpoint.Record.DisplayName);
        }
        catch (Exception error) when (EndpointFailures.Describe(attempt, error) is { Error: not EndpointError.NotFound } described)
        {
            endpoint.Enter(EndpointStateName.NotReady, described.Message, failed: true);
            throw described;
        }
        finally
        {
            endpoint.Changes.Release();
        }
    }

    /// <summary>Removes what an endpoint left outside this process: in the store, the kernel and the state directory.</summary>
    /// <remarks>
    /// Others stop sending first. The store may be out of reach: then the periodic resync withdraws the address, and the pod goes
    /// nevertheless.
    /// </remarks>
    public async Task EraseAsync(EndpointRecord record)
    {
        StoreTrial trial = new(context.IsStoreAway);
        IPNetwork[] prefixes = [.. record.Addresses.Select(address => address.AsPrefix())];
        foreach (IPNetwork prefix in prefixes)
        {
            await WithdrawAsync(prefix, trial).ConfigureAwait(false);
        }

        // The program stays to the end: what the pod still sends is dropped as nobody's, and does not meet the node's stack.
        context.Entries.Remove(record);
        await context.Policy.ExpelAsync(record.Id).ConfigureAwait(false);
        foreach (IPNetwork prefix in prefixes)
        {
            context.Ipcache.Remove(prefix);
        }

        await Task.WhenAll(
        [
            context.DeviceRemover.RemoveAsync(record.HostInterface),
            .. record.Addresses.Select(address => context.Conntrack.ForgetAsync(WeftAddress.From(address))),
        ]).ConfigureAwait(false);
        context.Attachments.DetachPod(record.HostInterface);
        context.State.Delete(record.Id);
    }

    private async Task WithdrawAsync(IPNetwork prefix, StoreTrial trial)
    {
        try
        {
            if (!await trial.TryAsync(() => context.Addresses.WithdrawAsync(prefix, CancellationToken.None)).ConfigureAwait(false))
            {
                Postpone(trial.Failure!, prefix);
            }
        }
        catch (StoreException error)
        {
            Postpone(error, prefix);
        }
    }

    private void Postpone(StoreException why, IPNetwork prefix)
    {
        LogWithdrawalPostponed(why, prefix.BaseAddress);
        context.Postponed();
    }

    private async Task ReleaseIdentityAsync(EndpointRecord record)
    {
        try
        {
            await context.Identities.ReleaseAsync(record.Identity, CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            LogReleasePostponed(error, record.Identity.Value);
            context.Postponed();
        }
    }

    [LoggerMessage(EventId = 110, Level = LogLevel.Information, Message = "endpoint deleted id={Id} ipv4={IPv4} ipv6={IPv6} pod={Pod}")]
    private partial void LogDeleted(EndpointId id, IPAddress? ipv4, IPAddress? ipv6, string pod);

    [LoggerMessage(EventId = 111, Level = LogLevel.Warning, Message = "withdrawal postponed address={Address} until=next resync")]
    private partial void LogWithdrawalPostponed(Exception failure, IPAddress address);

    [LoggerMessage(EventId = 112, Level = LogLevel.Warning, Message = "identity release postponed identity={Identity} until=next resync")]
    private partial void LogReleasePostponed(Exception failure, uint identity);
}
