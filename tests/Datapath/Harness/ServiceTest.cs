using Weft.Abi;
using Weft.Bpf.Maps;

namespace Datapath.Harness;

/// <summary>A test on a node that has services.</summary>
public abstract class ServiceTest(DatapathFixture datapath) : NodeTest(datapath)
{
    private protected const uint ServiceId = 7;
    private protected const ushort Port = 80;
    private protected const ushort BackendPort = 8080;

    private protected static uint IdOf(Pod backend) => ServiceMaps.IdOf(backend);

    private protected static WeftAddress ClusterIP(Family family) => WeftAddress.Parse(family == Family.IPv4 ? "10.96.0.10" : "fd00:96::10");

    /// <summary>The key of a NodePort: every address of a node.</summary>
    private protected static WeftAddress AnyAddress(Family family) => WeftAddress.Parse(family == Family.IPv4 ? "0.0.0.0" : "::");

    private protected void AddClusterIP(Family family, Carried carried, params Pod[] backends)
    {
        Datapath.Learn(ClusterIP(family).ToString(), (uint)ReservedIdentity.World, node: null, flags: IpcacheFlags.Service);
        Add(new ServiceKey { Addr = ClusterIP(family), Port = Port, Proto = ProtocolOf(carried) }, new ServiceValue { Id = ServiceId }, family, backends);
    }

    private protected void AddNodePort(Family family, Carried carried, params Pod[] backends) =>
        Add(NodePortKey(family, carried), new ServiceValue { Id = ServiceId }, family, backends);

    private protected static ServiceKey NodePortKey(Family family, Carried carried) =>
        new() { Addr = AnyAddress(family), Port = Node.NodePort, Proto = ProtocolOf(carried) };

    private protected void Add(ServiceKey key, ServiceValue service, Family family, params Pod[] backends) =>
        ServiceMaps.Add(Datapath.Programs, key, service, family, BackendPort, backends);

    private protected void Change(ServiceKey key, Func<ServiceValue, ServiceValue> change) =>
        Datapath.Services.Update(key, change(Datapath.Services[key]));

    /// <summary>The service's table for clients from outside, each entry the same backend.</summary>
    private protected void AddMaglev(params Pod[] backends)
    {
        using BpfMap<uint, uint> table = BpfMap.Create<uint, uint>("maglev", BpfMapType.Array, 16381);
        for (uint entry = 0; entry < 16381; entry++)
        {
            table.Update(entry, IdOf(backends[entry % backends.Length]));
        }

        Datapath.Programs.Map("weft_maglev").SetInnerMap(ServiceId, table.Untyped);
    }

    private protected static byte ProtocolOf(Carried carried) => carried == Carried.Tcp ? (byte)6 : (byte)17;
}
