using Weft.Datapath.Attaching;
using Weft.Datapath.Devices;
using Weft.Linux;
using Weft.Model.Endpoints;

namespace Weft.Control.Endpoints;

/// <summary>Gives the programs of new pods their links when nobody waits for a pod.</summary>
/// <remarks>
/// The kernel makes a link in milliseconds for which whoever makes a pod's device has to wait: hence one at a time, after a time without
/// pods that come or go, and at once again none when one does. On a node that is never calm they are made nevertheless, slowly.
/// </remarks>
public sealed class AttachmentSettler
{
    public const string ControllerName = "settle-attachments";

    internal static readonly TimeSpan Calm = TimeSpan.FromSeconds(2);
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    internal static readonly TimeSpan ImpatientPause = TimeSpan.FromSeconds(1);

    private readonly EndpointTable _table;
    private readonly ChangeCounter _changes;
    private readonly Action<EndpointRecord> _settle;
    private readonly TimeProvider _clock;

    public AttachmentSettler(EndpointLifecycle endpoints, PodDevices devices, NodeAttachments attachments, TimeProvider clock)
        : this(endpoints.Table, endpoints.Changes, record => Settle(devices, attachments, record), clock)
    {
    }

    internal AttachmentSettler(EndpointTable table, ChangeCounter changes, Action<EndpointRecord> settle, TimeProvider clock)
    {
        _table = table;
        _changes = changes;
        _settle = settle;
        _clock = clock;
    }

    /// <summary>Settles all endpoints that are there; those that come meanwhile are the next run's.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long begin = _clock.GetTimestamp();
        List<Exception> failures = [];
        foreach (Endpoint endpoint in _table.All.Where(endpoint => !endpoint.IsSettled))
        {
            await WaitAsync(begin, cancellationToken).ConfigureAwait(false);
            try
            {
                await SettleAsync(endpoint, cancellationToken).ConfigureAwait(false);
            }
            catch (LinuxException failure)
            {
                failures.Add(failure);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException($"{failures.Count} endpoints keep a filter in place of a link: {failures[0].Message}", failures);
        }
    }

    private async Task WaitAsync(long begin, CancellationToken cancellationToken)
    {
        while (Calm - _changes.Calm is { Ticks: > 0 } left)
        {
            if (_clock.GetElapsedTime(begin) >= Patience)
            {
                await Task.Delay(ImpatientPause, _clock, cancellationToken).ConfigureAwait(false);
                return;
            }

            await Task.Delay(left, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SettleAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        await endpoint.Changes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (endpoint.State == EndpointStateName.Ready && !endpoint.IsSettled)
            {
                _settle(endpoint.Record);
                endpoint.IsSettled = true;
            }
        }
        finally
        {
            endpoint.Changes.Release();
        }
    }

    private static void Settle(PodDevices devices, NodeAttachments attachments, EndpointRecord record)
    {
        // One that is gone is the endpoint collector's.
        if (devices.Find(record.HostInterface) is { } index && index.Value == record.HostIfindex)
        {
            attachments.SettlePod(record.HostInterface, index);
        }
    }
}
