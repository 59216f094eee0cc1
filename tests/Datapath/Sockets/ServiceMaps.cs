using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Datapath.Harness;
using Weft.Abi;
using Weft.Bpf.Maps;

namespace Datapath.Sockets;

/// <summary>Writes services as an agent does.</summary>
internal sealed class ServiceMaps(ProgramObjects programs)
{
    private readonly BpfMap<ServiceKey, ServiceValue> _services = programs.Map("weft_services").As<ServiceKey, ServiceValue>();
    private readonly BpfMap<ServiceSlotKey, uint> _slots = programs.Map("weft_service_slots").As<ServiceSlotKey, uint>();
    private readonly BpfMap<uint, BackendValue> _backends = programs.Map("weft_backends").As<uint, BackendValue>();
    private readonly BpfMap<IpcacheKey, IpcacheValue> _ipcache = programs.Map("weft_ipcache").As<IpcacheKey, IpcacheValue>();
    private readonly BpfMap<SockNatKey, uint> _flows = programs.Map("weft_sock_flows").As<SockNatKey, uint>();
    private uint _lastId;

    public BpfMap<AffinityKey, AffinityValue> Affinity { get; } = programs.Map("weft_affinity").As<AffinityKey, AffinityValue>();

    public BpfMap<SockNatKey, SockNatValue> SockNat { get; } = programs.Map("weft_sock_nat").As<SockNatKey, SockNatValue>();

    /// <summary>No services; every backend is known, and so are the addresses of nodes and of the pod.</summary>
    public void Reset()
    {
        _services.DeleteWhere(static (_, _) => true);
        _slots.DeleteWhere(static (_, _) => true);
        Affinity.DeleteWhere(static (_, _) => true);
        SockNat.DeleteWhere(static (_, _) => true);
        _flows.DeleteWhere(static (_, _) => true);
        foreach ((Backend backend, ProtocolType protocol, AddressFamily family) in
            from backend in Backend.All
            from protocol in new[] { ProtocolType.Tcp, ProtocolType.Udp }
            from family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 }
            select (backend, protocol, family))
        {
            _backends.Update(backend.IdOf(protocol, family), backend.Value(protocol, family));
        }

        Learn(SocketNode.Address, ReservedIdentity.Host);
        Learn(SocketNode.Address6, ReservedIdentity.Host);
        Learn(SocketNode.OtherNode, ReservedIdentity.RemoteNode);
        Learn(SocketNode.PodAddress, (ReservedIdentity)4000);
    }

    /// <summary>A frontend with these backends of its own family and protocol, in place of the one before.</summary>
    /// <returns>Its id.</returns>
    public uint Put(ProtocolType protocol, IPEndPoint front, IReadOnlyList<Backend> backends, uint affinity = 0) =>
        PutIds(protocol, front, [.. backends.Select(backend => backend.IdOf(protocol, front.AddressFamily))], affinity);

    public uint PutIds(ProtocolType protocol, IPEndPoint front, uint[] ids, uint affinity = 0)
    {
        ServiceKey key = KeyOf(protocol, front);
        bool replaces = _services.TryLookup(key, out ServiceValue before);
        ServiceValue service = new()
        {
            Id = replaces ? before.Id : ++_lastId,
            AffinityTimeout = affinity,
            Generation = (ushort)(before.Generation + 1),
        };
        service.Count[(int)ServiceList.Internal] = (ushort)ids.Length;
        for (uint slot = 0; slot < ids.Length; slot++)
        {
            _slots.Update(Slot(service, slot), ids[slot]);
        }

        _services.Update(key, service);
        for (uint slot = 0; replaces && slot < before.Count[(int)ServiceList.Internal]; slot++)
        {
            _slots.Delete(Slot(before, slot));
        }

        return service.Id;
    }

    public void PutBackend(uint id, BackendValue value) => _backends.Update(id, value);

    /// <summary>Takes it out of weft_backends, with all lists as they are.</summary>
    public void Forget(Backend backend, ProtocolType protocol, AddressFamily family) => _backends.Delete(backend.IdOf(protocol, family));

    /// <summary>The key of a pod's or the node's affinity.</summary>
    public static AffinityKey Client(ulong netnsCookie, uint service)
    {
        byte[] bytes = new byte[WeftAddress.Size];
        MemoryMarshal.Write(bytes, in netnsCookie);
        return new AffinityKey { Client = new WeftAddress(bytes), ServiceId = service, ByCookie = 1 };
    }

    private void Learn(string address, ReservedIdentity identity) => _ipcache.Update(
        new IpcacheKey { PrefixLen = 128, Addr = WeftAddress.Parse(address) }, new IpcacheValue { Identity = (uint)identity });

    private static ServiceKey KeyOf(ProtocolType protocol, IPEndPoint front) => new()
    {
        Addr = WeftAddress.From(front.Address),
        Port = (ushort)front.Port,
        Proto = (byte)protocol,
    };

    private static ServiceSlotKey Slot(in ServiceValue service, uint slot) => new()
    {
        ServiceId = service.Id,
        Generation = service.Generation,
        List = ServiceList.Internal,
        Slot = slot,
    };
}
