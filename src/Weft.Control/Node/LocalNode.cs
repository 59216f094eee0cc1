using System.Net;
using Weft.Datapath.Devices;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Nodes;

namespace Weft.Control.Node;

/// <summary>What this node is, settled at start.</summary>
public sealed record LocalNode
{
    public required NodeName Name { get; init; }

    public required ClusterName Cluster { get; init; }

    /// <summary>On the underlay.</summary>
    public required IPAddress Address { get; init; }

    public required PodCidr PodCidr { get; init; }

    /// <summary>The pods' gateway.</summary>
    public required IPAddress Router { get; init; }

    /// <summary>The node's own endpoint, reserved:host.</summary>
    public required EndpointId HostEndpoint { get; init; }

    public required UnderlayDevice Underlay { get; init; }

    public required ushort TunnelPort { get; init; }

    public MtuPlan Mtu => MtuPlan.ForUnderlay(Underlay.Mtu);

    /// <summary>What the other nodes need to know of an endpoint.</summary>
    public AddressRecord Publish(EndpointRecord endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new AddressRecord
        {
            Prefix = new IPNetwork(endpoint.IPv4!, 32),
            Identity = endpoint.Identity,
            Node = Name,
            NodeAddress = Address,
            Owner = endpoint.DisplayName,
        };
    }
}
