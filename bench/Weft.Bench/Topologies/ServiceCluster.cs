using System.Net;
using System.Text.Json;
using Weft.Control.Services;
using Weft.Model.Addressing;
using Weft.Model.Identities;
using Weft.Model.Json;
using Weft.Model.Nodes;
using Weft.Model.Services;
using Weft.Packets;
using Weft.Store;
using Weft.Store.Layout;

namespace Weft.Bench.Topologies;

/// <summary>A number of services, each with a backend of its own on another node, as a store tells a node of them.</summary>
/// <remarks>Each has a cluster IP and an external IP, so two frontends, of UDP: there a flow begins with any packet.</remarks>
internal sealed class ServiceCluster(int count)
{
    public const ushort Port = 53;
    public const ushort TargetPort = 5353;

    private const string Namespace = "bench";

    /// <summary>Of the backends' labels; what it is has no part in the cost.</summary>
    private static readonly Identity s_identity = new(4242);

    private static readonly NodeName s_farNode = NodeName.Parse("bpf2");
    private static readonly IPAddress s_farAddress = IPAddress.Parse("192.168.2.62");

    public int Count => count;

    public int Frontends => count * 2;

    public static IPv4Address ClusterIP(int service) => At("10.96.0.0", service);

    public static IPv4Address ExternalIP(int service) => At("198.18.0.0", service);

    public static IPv4Address Backend(int service) => At("10.64.0.0", service);

    /// <summary>Writes all of it into a store, which is made.</summary>
    public async Task WriteAsync(string storeFile, CancellationToken cancellationToken)
    {
        await using IStore store = await StoreLocation.Sqlite(storeFile).OpenAsync(cancellationToken);
        await PutNodeAsync(store, cancellationToken);
        ServiceRegistry registry = new(store, ClusterName.Default, TimeProvider.System);
        for (int service = 0; service < count; service++)
        {
            AddressRecord address = Address(service);
            byte[] value = JsonSerializer.SerializeToUtf8Bytes(address, ModelJsonContext.Default.AddressRecord);
            await store.PutAsync(new StorePut(StoreKeys.Address(ClusterName.Default, address.Prefix), value), cancellationToken);
            await registry.PutAsync(Slice(service), cancellationToken);
            await registry.PutAsync(Service(service), cancellationToken);
        }
    }

    private static async Task PutNodeAsync(IStore store, CancellationToken cancellationToken)
    {
        NodeRecord node = new()
        {
            Name = s_farNode,
            Cluster = ClusterName.Default,
            Instance = "bench",
            Addresses = [s_farAddress],
            PodCidrs = [PodCidr.Parse("10.64.0.0/16")],
            Routers = [IPAddress.Parse("10.64.255.254")],
        };
        byte[] value = JsonSerializer.SerializeToUtf8Bytes(node, ModelJsonContext.Default.NodeRecord);
        await store.PutAsync(new StorePut(StoreKeys.Node(ClusterName.Default, s_farNode), value), cancellationToken);
    }

    private static AddressRecord Address(int service) => new()
    {
        Prefix = new IPNetwork(Backend(service).ToIPAddress(), 32),
        Identity = s_identity,
        Node = s_farNode,
        NodeAddress = s_farAddress,
    };

    private static ServiceRecord Service(int service) => new()
    {
        Name = ResourceName.Parse($"{Namespace}/service-{service}"),
        ClusterIPs = [ClusterIP(service).ToIPAddress()],
        Ports = [new ServicePort { Name = "", Protocol = "UDP", Port = Port, TargetPort = $"{TargetPort}" }],
        ExternalIPs = [ExternalIP(service).ToIPAddress()],
        LoadBalancerIPs = [],
        SourceRanges = [],
    };

    private static EndpointSliceRecord Slice(int service) => new()
    {
        Name = ResourceName.Parse($"{Namespace}/service-{service}-1"),
        Service = ResourceName.Parse($"{Namespace}/service-{service}"),
        AddressType = SliceAddressType.IPv4,
        Endpoints =
        [
            new SliceEndpoint { Address = Backend(service).ToIPAddress(), Node = s_farNode, IsReady = true, IsServing = true, IsTerminating = false },
        ],
        Ports = [new SlicePort { Name = "", Protocol = "UDP", Port = TargetPort }],
    };

    // The network's own address is left out.
    private static IPv4Address At(string network, int service) => new(IPv4Address.Parse(network).Value + (uint)service + 1);
}
