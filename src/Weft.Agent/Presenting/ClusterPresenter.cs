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
        Show(Self, [agent.Local.Address], [agent.Local.PodCidr], "local") with
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
    public NodeAddressing LocalAddressing() => new()
    {
        Ipv4 = new NodeAddressingElement
        {
            AddressType = "InternalIP",
            AllocRange = agent.Local.PodCidr.ToString(),
            Enabled = true,
            Ip = agent.Local.Router.ToString(),
        },
        Ipv6 = new NodeAddressingElement { Enabled = false },
    };

    private static NodeElement Show(string name, IReadOnlyList<IPAddress> addresses, IReadOnlyList<PodCidr> cidrs, string source) => new()
    {
        Name = name,
        PrimaryAddress = new NodeAddressing
        {
            Ipv4 = new NodeAddressingElement
            {
                AddressType = "InternalIP",
                AllocRange = cidrs.Count > 0 ? cidrs[0].ToString() : null,
                Enabled = true,
                Ip = addresses.Count > 0 ? addresses[0].ToString() : null,
            },
            Ipv6 = new NodeAddressingElement { Enabled = false },
        },
        Source = source,
    };

    private static NodeAddressing? Show(HealthAddresses? health) => health is null ? null : new()
    {
        Ipv4 = new NodeAddressingElement { Enabled = health.IPv4 is not null, Ip = health.IPv4?.ToString() },
        Ipv6 = new NodeAddressingElement { Enabled = health.IPv6 is not null, Ip = health.IPv6?.ToString() },
    };

    // The default cluster's name is left out, as users of the API know it.
    public static string NameOf(ClusterName cluster, NodeName node) =>
        cluster == ClusterName.Default ? node.Value : $"{cluster}/{node}";
}
