using System.Net;
using Weft.Api.Cluster;
using Weft.Control.Node;
using Weft.Model.Addressing;
using Weft.Model.Nodes;

namespace Weft.Agent.Presenting;

/// <summary>The nodes of the cluster as this one sees them.</summary>
internal sealed class ClusterPresenter(NodeAgent agent)
{
    public string Self => NameOf(agent.Local.Cluster, agent.Local.Name);

    public ClusterNodeStatus Show() => new() { NodesAdded = Nodes(), NodesRemoved = [], Self = Self };

    /// <summary>This node first, the others by name.</summary>
    public IReadOnlyList<NodeElement> Nodes() =>
    [
        Show(Self, agent.Local.Addresses, agent.Local.PodCidrs, "local") with
        {
            HealthEndpointAddress = Show(agent.Health?.EndpointAddresses),
        },
        .. agent.Cluster.Nodes.Values.OrderBy(node => node.Name.Value, StringComparer.Ordinal)
            .Select(node => Show(NameOf(node.Cluster, node.Name), node.Addresses, node.PodCidrs, "kvstore") with
            {
                HealthEndpointAddress = Show(node.Health),
            }),
    ];

    /// <summary>Addresses of this node for documents that carry them.</summary>
    public NodeAddressing LocalAddressing() => Show(agent.Local.Routers, agent.Local.PodCidrs);

    private static NodeElement Show(string name, IReadOnlyList<IPAddress> addresses, IReadOnlyList<PodCidr> cidrs, string source) => new()
    {
        Name = name,
        PrimaryAddress = Show(addresses, cidrs),
        Source = source,
    };

    private static NodeAddressing? Show(HealthAddresses? health) => health is null ? null : new()
    {
        Ipv4 = new NodeAddressingElement { Enabled = health.IPv4 is not null, Ip = health.IPv4?.ToString() },
        Ipv6 = new NodeAddressingElement { Enabled = health.IPv6 is not null, Ip = health.IPv6?.ToString() },
    };

    private static NodeAddressing Show(IReadOnlyList<IPAddress> addresses, IReadOnlyList<PodCidr> cidrs) => new()
    {
        Ipv4 = Show(addresses.FirstOrDefault(address => !address.IsIPv6()), cidrs.Where(cidr => cidr.IsIPv4)),
        Ipv6 = Show(addresses.FirstOrDefault(address => address.IsIPv6()), cidrs.Where(cidr => !cidr.IsIPv4)),
    };

    private static NodeAddressingElement Show(IPAddress? address, IEnumerable<PodCidr> cidrs) => address is null
        ? new NodeAddressingElement { Enabled = false }
        : new NodeAddressingElement
        {
            AddressType = "InternalIP",
            AllocRange = cidrs.Select(cidr => cidr.ToString()).FirstOrDefault(),
            Enabled = true,
            Ip = address.ToString(),
        };

    // The default cluster's name is left out, as users of the API know it.
    public static string NameOf(ClusterName cluster, NodeName node) =>
        cluster == ClusterName.Default ? node.Value : $"{cluster}/{node}";
}
