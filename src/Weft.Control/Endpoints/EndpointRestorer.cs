using System.Net;
using Microsoft.Extensions.Logging;
using Weft.Control.Ipam;
using Weft.Control.Node;
using Weft.Control.State;
using Weft.Linux;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Identities;

namespace Weft.Control.Endpoints;

/// <summary>Finds again, after a restart, the endpoints that the last agent left, and tidies up what is none.</summary>
/// <remarks>Reads and fills maps before programs are attached; nothing that forwards is interrupted.</remarks>
internal sealed partial class EndpointRestorer(EndpointContext context, EndpointTable table, EndpointIds ids)
{
    private readonly ILogger _log = context.Loggers.CreateLogger<EndpointRestorer>();
    private readonly List<EndpointRecord> _remains = [];

    /// <summary>Reads the state directory, and puts every endpoint whose devices are there into the table and the maps.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        foreach (StoredEndpoint stored in context.State.ReadEndpoints((error, aside) => LogCorrupt(error, aside)))
        {
            await RestoreAsync(stored, cancellationToken).ConfigureAwait(false);
        }

        LogRestored(table.Count, _remains.Count);
    }

    /// <summary>Puts the programs on the restored endpoints, each in place of the old one in one step.</summary>
    public void Attach()
    {
        foreach (Endpoint endpoint in table.All)
        {
            EndpointRecord record = endpoint.Record;
            try
            {
                context.Attachments.AttachPod(record.HostInterface, new IfIndex(record.HostIfindex));
                endpoint.Enter(EndpointStateName.Ready, "restored");
            }
            catch (LinuxException error)
            {
                // Its pod died just now, or the program of the last run stays: the other endpoints must not suffer.
                LogAttachFailed(error, record.Id, record.HostInterface);
                endpoint.Enter(EndpointStateName.Ready, error.Message, failed: true);
            }
        }
    }

    /// <summary>Removes what endpoints left that are none any more: from records that tell of them, and what no record tells of.</summary>
    public async Task TidyAsync(EndpointRemover remover, IReadOnlySet<string> nodeDevices)
    {
        foreach (EndpointRecord record in _remains)
        {
            await remover.EraseAsync(record).ConfigureAwait(false);
        }

        _remains.Clear();
        HashSet<string> devices = [.. table.All.Select(endpoint => endpoint.Record.HostInterface)];
        foreach (string device in context.Devices.RemoveAllBut(devices))
        {
            LogStrayRemoved("device", device);
        }

        foreach (string link in context.Attachments.RemoveStale(devices.Union(nodeDevices).ToHashSet()))
        {
            LogStrayRemoved("link", link);
        }

        LocalNode node = context.Node;
        HashSet<IPAddress> own = [.. node.Routers, .. table.All.SelectMany(endpoint => endpoint.Record.Addresses)];
        int entries = context.Entries.RemoveStale([.. node.Addresses, .. node.Routers])
            + context.Ipcache.RemoveWhere(prefix => prefix == prefix.BaseAddress.AsPrefix()
                && node.IsPodAddress(prefix.BaseAddress) && !own.Contains(prefix.BaseAddress));
        if (entries > 0)
        {
            LogStrayRemoved("map entries", entries.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private async Task RestoreAsync(StoredEndpoint stored, CancellationToken cancellationToken)
    {
        EndpointRecord record = stored.Endpoint;
        if (stored.Phase != EndpointPhase.Ready)
        {
            LogUnfinished(record.Id, stored.Phase, record.DisplayName);
            _remains.Add(record);
            return;
        }

        if (record.Identity == Identity.Health)
        {
            // Its namespace was held by the agent that is gone; the devices may be on their way out still.
            _remains.Add(record);
            return;
        }

        if (context.Devices.Find(record.HostInterface) is not { } index)
        {
            LogPodGone(record.Id, record.HostInterface, record.DisplayName);
            _remains.Add(record);
            return;
        }

        if (!ids.Reserve(record.Id) || !TryClaim(record))
        {
            _remains.Add(record);
            return;
        }

        Identity identity = await EndpointIdentity.AcquireAsync(context.Identities, record.Labels, cancellationToken).ConfigureAwait(false);
        if (identity != record.Identity || index.Value != record.HostIfindex)
        {
            record = record with { Identity = identity, HostIfindex = index.Value };
            context.State.Write(new StoredEndpoint(EndpointPhase.Ready, record));
        }

        Endpoint endpoint = new(record, EndpointStateName.Restoring, context.Clock);
        endpoint.Enter(EndpointStateName.Restoring, "found after a restart of the agent");
        table.TryAdd(endpoint);
        context.Entries.Put(record);
        await context.Policy.RestoreAsync(record, cancellationToken).ConfigureAwait(false);
        foreach (IPAddress address in record.Addresses)
        {
            context.Ipcache.Put(address.AsPrefix(), identity, tunnelEndpoint: null);
        }
    }

    private bool TryClaim(EndpointRecord record)
    {
        List<IPAddress> claimed = [];
        try
        {
            foreach (IPAddress address in record.Addresses)
            {
                context.Pools.For(address).Claim(address, record.DisplayName);
                claimed.Add(address);
            }

            return true;
        }
        catch (AddressPoolException error)
        {
            LogAddressRefused(error, record.Id);
            claimed.ForEach(address => context.Pools.Release(address));
            ids.Release(record.Id);
            return false;
        }
    }

    [LoggerMessage(EventId = 130, Level = LogLevel.Information, Message = "endpoints restored count={Count} removed={Removed}")]
    private partial void LogRestored(int count, int removed);

    [LoggerMessage(
        EventId = 131, Level = LogLevel.Error,
        Message = "state file unreadable kept={Aside}; its endpoint is not restored and its devices are removed")]
    private partial void LogCorrupt(Exception error, string aside);

    [LoggerMessage(EventId = 132, Level = LogLevel.Warning, Message = "endpoint unfinished id={Id} phase={Phase} pod={Pod} action=remove")]
    private partial void LogUnfinished(EndpointId id, EndpointPhase phase, string pod);

    [LoggerMessage(EventId = 133, Level = LogLevel.Warning, Message = "pod gone id={Id} device={Device} pod={Pod} action=remove")]
    private partial void LogPodGone(EndpointId id, string device, string pod);

    [LoggerMessage(EventId = 134, Level = LogLevel.Error, Message = "endpoint not restored id={Id} action=remove")]
    private partial void LogAddressRefused(Exception error, EndpointId id);

    [LoggerMessage(EventId = 136, Level = LogLevel.Error, Message = "endpoint keeps its old program id={Id} device={Device}")]
    private partial void LogAttachFailed(Exception error, EndpointId id, string device);

    [LoggerMessage(EventId = 135, Level = LogLevel.Warning, Message = "stray removed kind='{Kind}' name={Name}")]
    private partial void LogStrayRemoved(string kind, string name);
}
