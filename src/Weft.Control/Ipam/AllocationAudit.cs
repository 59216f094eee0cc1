using System.Net;
using Weft.Abi;
using Weft.Control.Endpoints;
using Weft.Control.Node;
using Weft.Datapath.Maps;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;

namespace Weft.Control.Ipam;

/// <summary>Compares the addresses that are given with the endpoints, those with the kernel's devices, and all with the datapath's maps.</summary>
/// <remarks>Looks in a moment in which no endpoint is made or removed. A reservation is no leak: it ends by itself.</remarks>
public sealed class AllocationAudit(LocalNode local, NodeKernel kernel, AddressPools pools, EndpointLifecycle endpoints)
{
    /// <summary>All that is wrong now, in a stable order.</summary>
    /// <exception cref="EndpointException">There was no quiet moment.</exception>
    public async Task<IReadOnlyList<AllocationProblem>> LookAsync(CancellationToken cancellationToken) =>
        await endpoints.Changes.LookAsync(Look, cancellationToken).ConfigureAwait(false);

    private IReadOnlyList<AllocationProblem> Look()
    {
        Endpoint[] ready = [.. endpoints.Table.All.Where(endpoint => endpoint.State == EndpointStateName.Ready)];
        return
        [
            .. Addresses(ready),
            .. ready.SelectMany(OfEndpoint),
            .. StrayDevices(),
            .. StrayEntries(),
        ];
    }

    private IEnumerable<AllocationProblem> Addresses(Endpoint[] ready)
    {
        HashSet<IPAddress> owned = [.. endpoints.Table.All.SelectMany(endpoint => endpoint.Record.Addresses)];
        foreach (AddressPool pool in pools.All)
        {
            foreach (AddressAllocation lost in pool.List().Where(given => !given.IsReservation && !owned.Contains(given.Address)))
            {
                yield return new AllocationProblem(
                    AllocationProblemKind.AddressWithoutEndpoint, lost.Address.ToString(), $"given to {lost.Owner}, who has no endpoint here")
                {
                    // Whoever got it in the meantime got another allocation.
                    RepairAsync = () => Done(ReferenceEquals(pool.Find(lost.Address), lost) && pool.Release(lost.Address)),
                };
            }
        }

        foreach (Endpoint endpoint in ready)
        {
            foreach (IPAddress address in endpoint.Record.Addresses.Where(address => pools.For(address).Find(address) is null))
            {
                yield return new AllocationProblem(
                    AllocationProblemKind.EndpointWithoutAddress, address.ToString(), $"endpoint {endpoint.Id} has it, and the pool has it free")
                {
                    RepairAsync = () => Done(
                        IsThere(endpoint) && pools.For(address).Find(address) is null && Claim(address, endpoint.Record.DisplayName)),
                };
            }
        }
    }

    private IEnumerable<AllocationProblem> OfEndpoint(Endpoint endpoint)
    {
        EndpointRecord record = endpoint.Record;
        if (kernel.Pods.Find(record.HostInterface)?.Value != record.HostIfindex)
        {
            yield return new AllocationProblem(
                AllocationProblemKind.EndpointWithoutDevice, record.HostInterface, $"endpoint {endpoint.Id} of {record.DisplayName} has lost it")
            {
                RepairAsync = () => endpoints.DeleteIfThereAsync(endpoint),
            };
        }
        else if (!IsKnown(record))
        {
            yield return new AllocationProblem(
                AllocationProblemKind.EndpointWithoutEntry, endpoint.Id.ToString(),
                $"the datapath's maps lack endpoint {endpoint.Id} of {record.DisplayName}, or have it otherwise")
            {
                RepairAsync = () => endpoints.RefreshAsync(endpoint),
            };
        }
    }

    private bool IsKnown(EndpointRecord record)
    {
        DatapathMaps maps = kernel.Datapath.Maps;
        return maps.Devices.TryLookup((uint)record.HostIfindex, out EndpointValue device) && Is(device)
            && record.Addresses.Select(WeftAddress.From).All(address =>
                maps.Endpoints.TryLookup(address, out EndpointValue value) && Is(value)
                && maps.IpcacheSingle.TryLookup(address, out IpcacheValue single) && single.Identity == record.Identity.Value);

        bool Is(in EndpointValue value) =>
            value.Id == record.Id.Value && value.IfIndex == (uint)record.HostIfindex && value.Identity == record.Identity.Value;
    }

    private IEnumerable<AllocationProblem> StrayDevices()
    {
        HashSet<string> owned = [.. endpoints.Table.All.Select(endpoint => endpoint.Record.HostInterface)];
        return kernel.Pods.List().Where(device => !owned.Contains(device)).Order(StringComparer.Ordinal).Select(
            device => new AllocationProblem(AllocationProblemKind.DeviceWithoutEndpoint, device, "no endpoint has this device")
            {
                RepairAsync = () => endpoints.Table.All.Any(endpoint => endpoint.Record.HostInterface == device)
                    ? Task.CompletedTask : endpoints.RemoveDeviceAsync(device),
            });
    }

    private IEnumerable<AllocationProblem> StrayEntries()
    {
        DatapathMaps maps = kernel.Datapath.Maps;
        HashSet<uint> devices = [.. endpoints.Table.All.Select(endpoint => (uint)endpoint.Record.HostIfindex)];
        foreach (uint device in maps.Devices.Keys().Where(device => !devices.Contains(device)).Order())
        {
            yield return Stray($"{maps.Devices.Name} {device}", () => maps.Devices.Delete(device));
        }

        HashSet<WeftAddress> addresses =
        [
            .. local.Addresses.Concat(local.Routers).Concat(endpoints.Table.All.SelectMany(endpoint => endpoint.Record.Addresses))
                .Select(WeftAddress.From),
        ];
        foreach (WeftAddress address in maps.Endpoints.Keys().Where(address => !addresses.Contains(address)))
        {
            yield return Stray($"{maps.Endpoints.Name} {address.ToIPAddress()}", () => maps.Endpoints.Delete(address));
        }

        foreach (WeftAddress address in maps.IpcacheSingle.Keys().Where(
            address => !addresses.Contains(address) && local.IsPodAddress(address.ToIPAddress())))
        {
            yield return Stray(
                $"{maps.IpcacheSingle.Name} {address.ToIPAddress()}", () => kernel.Ipcache.Remove(address.ToIPAddress().AsPrefix()));
        }
    }

    /// <remarks>Removed in a quiet moment only: an endpoint that is being made may have written it by now.</remarks>
    private AllocationProblem Stray(string entry, Func<bool> remove) => new(
        AllocationProblemKind.EntryWithoutEndpoint, entry, "no endpoint has this entry")
    {
        RepairAsync = async () =>
        {
            IReadOnlyList<AllocationProblem> still = await LookAsync(CancellationToken.None).ConfigureAwait(false);
            if (still.Any(problem => problem.Kind == AllocationProblemKind.EntryWithoutEndpoint && problem.Subject == entry))
            {
                remove();
            }
        },
    };

    private bool IsThere(Endpoint endpoint) => endpoints.Table.TryFind(endpoint.Id) == endpoint;

    private bool Claim(IPAddress address, string owner)
    {
        pools.Claim(address, owner);
        return true;
    }

    // Its argument is what was to be done.
    private static Task Done(bool _) => Task.CompletedTask;
}
