using System.Net;
using Microsoft.Extensions.Logging;
using Weft.Control.Ipam;
using Weft.Control.State;
using Weft.Datapath.Devices;
using Weft.Linux;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Identities;

namespace Weft.Control.Endpoints;

/// <summary>Makes an endpoint: all of it, or nothing.</summary>
internal sealed partial class EndpointCreator(EndpointContext context, EndpointTable table, EndpointIds ids)
{
    private readonly ILogger _log = context.Loggers.CreateLogger<EndpointCreator>();

    /// <returns>An endpoint that packets reach.</returns>
    /// <exception cref="EndpointException">Nothing of it is left.</exception>
    public async Task<Endpoint> CreateAsync(EndpointRequest request, CancellationToken cancellationToken)
    {
        string attempt = $"create endpoint of {request.ContainerId}:{request.ContainerInterface}";
        UndoStack undo = new();
        StoreTrial trial = new(context.IsStoreAway);
        try
        {
            Endpoint endpoint = await MakeAsync(request, attempt, undo, trial, cancellationToken).ConfigureAwait(false);
            if (trial.Failure is { } away)
            {
                LogPostponed(away, endpoint.Id, endpoint.Record.Identity);
                context.Postponed();
            }

            EndpointRecord made = endpoint.Record;
            LogCreated(made.Id, made.IPv4, made.IPv6, made.Identity, made.DisplayName, made.HostInterface);
            return endpoint;
        }
        catch (Exception error)
        {
            await undo.UnwindAsync((what, failure) => LogUndoFailed(failure, what, attempt)).ConfigureAwait(false);
            if (EndpointFailures.Describe(attempt, error) is { } described)
            {
                throw described;
            }

            throw;
        }
    }

    private async Task<Endpoint> MakeAsync(
        EndpointRequest request, string attempt, UndoStack undo, StoreTrial trial, CancellationToken cancellationToken)
    {
        using NetworkNamespace pod = OpenPod(request, attempt);
        if (table.TryFind(request.ContainerId, request.ContainerInterface) is { } there)
        {
            throw Conflict(attempt, there);
        }

        EndpointRecord record = await ClaimAsync(request, undo, trial, cancellationToken).ConfigureAwait(false);
        Endpoint endpoint = new(record, EndpointStateName.Creating, context.Clock);
        endpoint.Enter(EndpointStateName.Creating, "endpoint created");
        await endpoint.Changes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (table.TryAdd(endpoint) is { } raced)
            {
                throw Conflict(attempt, raced);
            }

            undo.Push("forget it", () => table.Remove(endpoint));
            context.State.Write(new StoredEndpoint(EndpointPhase.Creating, record));
            undo.Push("delete its state file", () => context.State.Delete(record.Id));

            record = Wire(pod, record, undo);
            endpoint.Replace(record);
            foreach (AddressRecord address in context.Node.Publish(record))
            {
                undo.Push("withdraw its address", () => context.Addresses.WithdrawAsync(address.Prefix, CancellationToken.None));
                await trial.TryAsync(() => context.Addresses.PublishAsync(address, cancellationToken)).ConfigureAwait(false);
            }

            context.State.Write(new StoredEndpoint(EndpointPhase.Ready, record));
            endpoint.Enter(EndpointStateName.Ready, "devices, maps and address are in place");
            return endpoint;
        }
        finally
        {
            endpoint.Changes.Release();
        }
    }

    /// <summary>
    /// Takes what is this endpoint's alone: id, address, identity. Nothing outside of memory and the identities of the store changes.
    /// </summary>
    private async Task<EndpointRecord> ClaimAsync(
        EndpointRequest request, UndoStack undo, StoreTrial trial, CancellationToken cancellationToken)
    {
        EndpointId id = ids.Allocate();
        undo.Push("release its id", () => ids.Release(id));
        string owner = request.KubernetesPod is null
            ? request.ContainerId
            : $"{request.KubernetesNamespace ?? "default"}/{request.KubernetesPod}";
        IPAddress ipv4 = ClaimAddress(context.Pools.IPv4, request.IPv4, owner, undo);
        IPAddress? ipv6 = context.Pools.IPv6 is null && request.IPv6 is null
            ? null
            : ClaimAddress(context.Pools.IPv6, request.IPv6, owner, undo);
        Identity identity = request.SystemIdentity ?? await EndpointIdentity.AcquireAsync(
            context.Identities, request.Labels, trial, cancellationToken).ConfigureAwait(false);
        undo.Push("release its identity", () => context.Identities.ReleaseAsync(identity, CancellationToken.None));
        return new EndpointRecord
        {
            Id = id,
            ContainerId = request.ContainerId,
            ContainerInterface = request.ContainerInterface,
            NetnsPath = request.NetnsPath,
            CniNetwork = request.CniNetwork,
            KubernetesNamespace = request.KubernetesNamespace,
            KubernetesPod = request.KubernetesPod,
            HostInterface = request.HostInterface
                ?? EndpointNames.HostInterface(request.ContainerId, request.ContainerInterface),
            HostIfindex = 0,
            Mac = request.Mac ?? EndpointNames.PodMac(request.ContainerId, request.ContainerInterface),
            HostMac = EndpointNames.HostMac(request.ContainerId, request.ContainerInterface),
            IPv4 = ipv4,
            IPv6 = ipv6,
            Labels = request.Labels,
            Identity = identity,
        };
    }

    // An address that this owner had reserved becomes the endpoint's.
    private IPAddress ClaimAddress(AddressPool? pool, IPAddress? wanted, string owner, UndoStack undo)
    {
        if (wanted is not null)
        {
            context.Pools.Claim(wanted, owner);
        }

        IPAddress address = wanted ?? pool!.Allocate(owner);
        undo.Push("release its address", () => context.Pools.Release(address));
        return address;
    }

    /// <summary>Devices, then what the datapath knows, then the program: the pod's first packet finds everything.</summary>
    private EndpointRecord Wire(NetworkNamespace pod, EndpointRecord record, UndoStack undo)
    {
        IfIndex index = context.Devices.Create(pod, new PodWiring
        {
            HostInterface = record.HostInterface,
            HostMac = new HardwareAddress(record.HostMac.Value),
            ContainerInterface = record.ContainerInterface,
            Mac = new HardwareAddress(record.Mac.Value),
            Addresses = [.. record.Addresses.Select(address => new PodAddress(address, context.Pools.For(address).Router))],
            Mtu = context.Node.Mtu,
        });
        undo.Push("remove its devices", () => context.Devices.Remove(record.HostInterface));
        record = record with { HostIfindex = index.Value };
        context.Entries.Put(record);
        undo.Push("remove its map entries", () => context.Entries.Remove(record));
        foreach (IPNetwork prefix in record.Addresses.Select(address => address.AsPrefix()))
        {
            context.Ipcache.Put(prefix, record.Identity, tunnelEndpoint: null);
            undo.Push("remove its ipcache entry", () => context.Ipcache.Remove(prefix));
        }

        context.Attachments.AttachPod(record.HostInterface, index);
        undo.Push("detach its program", () => context.Attachments.DetachPod(record.HostInterface));
        return record;
    }

    private static NetworkNamespace OpenPod(EndpointRequest request, string attempt)
    {
        try
        {
            return NetworkNamespace.Open(request.NetnsPath);
        }
        catch (LinuxException error)
        {
            throw new EndpointException(
                EndpointError.Invalid, $"{attempt}: {error.Message} (give the path of the pod's network namespace in 'netns')", error);
        }
    }

    private static EndpointException Conflict(string attempt, Endpoint there) =>
        new(EndpointError.Conflict, $"{attempt}: endpoint {there.Id} is that interface (delete it first, or give another container id)");

    [LoggerMessage(
        EventId = 100, Level = LogLevel.Information,
        Message = "endpoint created id={Id} ipv4={IPv4} ipv6={IPv6} identity={Identity} pod={Pod} device={Device}")]
    private partial void LogCreated(EndpointId id, IPAddress? ipv4, IPAddress? ipv6, Identity identity, string pod, string device);

    [LoggerMessage(
        EventId = 102, Level = LogLevel.Warning,
        Message = "endpoint not published yet id={Id} identity={Identity} until=the store answers")]
    private partial void LogPostponed(Exception failure, EndpointId id, Identity identity);

    [LoggerMessage(EventId = 101, Level = LogLevel.Error, Message = "undo failed step='{What}' of='{Attempt}'")]
    private partial void LogUndoFailed(Exception failure, string what, string attempt);
}
