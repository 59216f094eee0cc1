using System.Net;
using Weft.Control.Node;
using Weft.Datapath.Devices;
using Weft.Linux;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Model.Nodes;

namespace Weft.Control.Tests.Cluster;

/// <summary>This node, bpf1, and what the store may say of others.</summary>
internal static class ClusterSample
{
    public static LocalNode Bpf1 { get; } = new()
    {
        Name = NodeName.Parse("bpf1"),
        Cluster = ClusterName.Default,
        Address = IPAddress.Parse("192.168.2.61"),
        Address6 = IPAddress.Parse("fd00:c0a8:2::61"),
        PodCidr = PodCidr.Parse("10.0.1.0/24"),
        PodCidr6 = PodCidr.Parse("fd00:10:0:1::/64"),
        Router = IPAddress.Parse("10.0.1.1"),
        Router6 = IPAddress.Parse("fd00:10:0:1::1"),
        HostEndpoint = new EndpointId(1),
        Underlay = new UnderlayDevice("ens3", new IfIndex(2), 1500),
        TunnelPort = 8472,
    };

    public static NodeRecord Bpf2 { get; } = Node("bpf2", "192.168.2.62,fd00:c0a8:2::62", "10.0.2.0/24,fd00:10:0:2::/64", "10.0.2.1,fd00:10:0:2::1");

    public static NodeRecord Node(string name, string addresses, string podCidrs, string routers = "") => new()
    {
        Name = NodeName.Parse(name),
        Cluster = ClusterName.Default,
        Instance = name,
        Addresses = [.. Parts(addresses).Select(IPAddress.Parse)],
        PodCidrs = [.. Parts(podCidrs).Select(PodCidr.Parse)],
        Routers = [.. Parts(routers).Select(IPAddress.Parse)],
    };

    public static AddressRecord Pod(string prefix, uint identity = 4000, string node = "192.168.2.62") => new()
    {
        Prefix = IPNetwork.Parse(prefix),
        Identity = new Identity(identity),
        Node = NodeName.Parse("bpf2"),
        NodeAddress = IPAddress.Parse(node),
    };

    private static string[] Parts(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
