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
internal sealed partial class EndpointCreator(EndpointContext context, EndpointTable table, EndpointIds ids, EndpointRemover remover)
{
    private readonly ILogger _log = context.Loggers.CreateLogger<EndpointCreator>();

    /// <returns>
    /// An endpoint that packets reach: the one that is there where the same was asked for before. The caller says what becomes of it, by
    /// <see cref="Endpoint.Keep"/> or <see cref="EndpointLifecycle.AbandonAsync"/>.
    /// </returns>
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
        while (true)
        {
            if (table.TryFind(request.ContainerId, request.ContainerInterface) is { } there)
            {
                if (await RepeatAsync(request, pod, there, attempt, cancellationToken).ConfigureAwait(false))
                {
                    return there;
                }

                continue;
            }

            EndpointRecord record = await ClaimAsync(request, undo, trial, cancellationToken).ConfigureAwait(false);
            Endpoint endpoint = new(record, EndpointStateName.Creating, context.Clock) { IsSettled = request.FreeIngressQdisc };
            endpoint.Enter(EndpointStateName.Creating, "endpoint created");
            await endpoint.Changes.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (table.TryAdd(endpoint) is null)
                {
                    undo.Push("forget it", () => table.Remove(endpoint));
                    await MakeAsync(endpoint, pod, undo, trial, cancellationToken).ConfigureAwait(false);
                    LogCreated(record.Id, record.IPv4, record.IPv6, record.Identity, record.DisplayName, record.HostInterface);
                    return endpoint;
                }
            }
            catch
            {
                // Nobody may find it between its failure and its end.
                endpoint.Enter(EndpointStateName.NotReady, "creation failed", failed: true);
                await undo.UnwindAsync((what, failure) => LogUndoFailed(failure, what, attempt)).ConfigureAwait(false);
                throw;
            }
            finally
            {
                endpoint.Changes.Release();
            }

            // Somebody asked for the same at the same time, and was first.
            await undo.UnwindAsync((what, failure) => LogUndoFailed(failure, what, attempt)).ConfigureAwait(false);
        }
    }

    private async Task MakeAsync(
        Endpoint endpoint, NetworkNamespace pod, UndoStack undo, StoreTrial trial, CancellationToken cancellationToken)
    {
        EndpointRecord record = endpoint.Record;
        undo.Push("delete its state file", () => context.State.Delete(record.Id));
        context.State.Write(new StoredEndpoint(EndpointPhase.Creating, record));
        record = await WireAsync(pod, endpoint, undo, trial, cancellationToken).ConfigureAwait(false);
        endpoint.Replace(record);
        context.State.Write(new StoredEndpoint(EndpointPhase.Ready, record));
        endpoint.Enter(EndpointStateName.Ready, "devices, maps and address are in place");
    }

    /// <summary>Somebody asks for what is there: again, as runtimes do that had no answer, or after the end of a pod of the same name.</summary>
    /// <returns>True: it is what is asked for, and counts one more who does. False: it is gone by now.</returns>
    private async Task<bool> RepeatAsync(
        EndpointRequest request, NetworkNamespace pod, Endpoint there, string attempt, CancellationToken cancellationToken)
    {
        await there.Changes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            EndpointRecord record = there.Record;
            if (table.TryFind(there.Id) != there)
            {
                return false;
            }

            IfIndex device = new(record.HostIfindex);
            if (there.State == EndpointStateName.Ready && context.Devices.Find(record.HostInterface) == device)
            {
                string? difference = Difference(request, record) ?? PodDevices.MissingIn(pod, WiringOf(record), device);
                if (difference is not null)
                {
                    throw Conflict(attempt, there, difference);
                }

                if (there.TryJoin())
                {
                    return true;
                }
            }
        }
        finally
        {
            there.Changes.Release();
        }

        await remover.RemoveAsync(there, CancellationToken.None, missingIsFine: true).ConfigureAwait(false);
        return false;
    }

    private static string? Difference(EndpointRequest request, EndpointRecord record)
    {
        return Compare("network", request.CniNetwork, record.CniNetwork)
            ?? Compare("pod", (request.KubernetesNamespace, request.KubernetesPod), (record.KubernetesNamespace, record.KubernetesPod))
            ?? Compare("UID", request.KubernetesUid, record.KubernetesUid)
            ?? Compare("address", request.IPv4 ?? record.IPv4, record.IPv4)
            ?? Compare("address", request.IPv6 ?? record.IPv6, record.IPv6)
            ?? Compare("MAC address", request.Mac ?? record.Mac, record.Mac);

        static string? Compare<T>(string what, T wanted, T has) =>
            EqualityComparer<T>.Default.Equals(wanted, has) ? null : $"its {what} is {has}, not {wanted}";
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
            KubernetesUid = request.KubernetesUid,
            HostInterface = request.HostInterface
                ?? EndpointNames.HostInterface(request.ContainerId, request.ContainerInterface),
            HostIfindex = 0,
            Mac = request.Mac ?? EndpointNames.PodMac(request.ContainerId, request.ContainerInterface),
            HostMac = EndpointNames.HostMac(request.ContainerId, request.ContainerInterface),
            IPv4 = ipv4,
            IPv6 = ipv6,
            Labels = request.Labels,
            Ports = request.Ports,
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

    /// <summary>All that the pod's first packet needs, and only then the way for it.</summary>
    /// <remarks>
    /// Other nodes learn the address meanwhile: what they send too early is lost. What is taken back is known before each step begins.
    /// </remarks>
    private async Task<EndpointRecord> WireAsync(
        NetworkNamespace pod, Endpoint endpoint, UndoStack undo, StoreTrial trial, CancellationToken cancellationToken)
    {
        EndpointRecord record = endpoint.Record;
        IfIndex index = context.Devices.Create(pod, WiringOf(record));
        undo.Push("remove its devices", () => context.DeviceRemover.RemoveAsync(record.HostInterface));
        EndpointRecord wired = record with { HostIfindex = index.Value };
        undo.Push("forget its policy", () => context.Policy.ExpelAsync(record.Id));
        await context.Policy.AdmitAsync(wired, cancellationToken).ConfigureAwait(false);
        undo.Push("remove its map entries", () => context.Entries.Remove(wired));
        context.Entries.Put(wired);
        foreach (IPNetwork prefix in record.Addresses.Select(address => address.AsPrefix()))
        {
            undo.Push("remove its ipcache entry", () => context.Ipcache.Remove(prefix));
            context.Ipcache.Put(prefix, record.Identity, tunnelEndpoint: null);
        }

        undo.Push("detach its program", () => context.Attachments.DetachPod(record.HostInterface));
        context.Attachments.AttachPod(record.HostInterface, index, forGood: endpoint.IsSettled);
        Task published = PublishAsync(wired, undo, trial, cancellationToken);
        Task opened = Task.Run(() => context.Devices.SetUp(index), CancellationToken.None);
        await Task.WhenAll(opened, published).ConfigureAwait(false);
        return wired;
    }

    private async Task PublishAsync(EndpointRecord record, UndoStack undo, StoreTrial trial, CancellationToken cancellationToken)
    {
        foreach (AddressRecord address in context.Node.Publish(record))
        {
            undo.Push("withdraw its address", () => context.Addresses.WithdrawAsync(address.Prefix, CancellationToken.None));
            await trial.TryAsync(() => context.Addresses.PublishAsync(address, cancellationToken)).ConfigureAwait(false);
        }
    }

    private PodWiring WiringOf(EndpointRecord record) => new()
    {
        HostInterface = record.HostInterface,
        HostMac = new HardwareAddress(record.HostMac.Value),
        ContainerInterface = record.ContainerInterface,
        Mac = new HardwareAddress(record.Mac.Value),
        Addresses = [.. record.Addresses.Select(address => new PodAddress(address, context.Pools.For(address).Router))],
        Mtu = context.Node.Mtu,
    };

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

    private static EndpointException Conflict(string attempt, Endpoint there, string difference) => new(
        EndpointError.Conflict,
        $"{attempt}: endpoint {there.Id} is that interface, and {difference} (delete it first, or give another container id)");

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
