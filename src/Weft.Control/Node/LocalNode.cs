using System.Collections.Immutable;
using System.Net;
using Weft.Datapath.Devices;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Nodes;

namespace Weft.Control.Node;

/// <summary>What this node is, settled at start. It has IPv4, and IPv6 with all three of address, range and router, or not at all.</summary>
public sealed record LocalNode
{
    public required NodeName Name { get; init; }

    public required ClusterName Cluster { get; init; }

    /// <summary>On the underlay, IPv4: outer source of all packets through the overlay.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>On the underlay, IPv6; what pods' packets to the world leave with.</summary>
    public IPAddress? Address6 { get; init; }

    public required PodCidr PodCidr { get; init; }

    public PodCidr? PodCidr6 { get; init; }

    /// <summary>The pods' gateway, and the source of what the node sends to pods.</summary>
    public required IPAddress Router { get; init; }

    public IPAddress? Router6 { get; init; }

    /// <summary>The node's own endpoint, reserved:host.</summary>
    public required EndpointId HostEndpoint { get; init; }

    public required UnderlayDevice Underlay { get; init; }

    public required ushort TunnelPort { get; init; }

    public MtuPlan Mtu => MtuPlan.ForUnderlay(Underlay.Mtu);

    public bool HasIPv6 => Address6 is not null;

    /// <summary>On the underlay, IPv4 first.</summary>
    public ImmutableArray<IPAddress> Addresses => Address6 is null ? [Address] : [Address, Address6];

    /// <summary>IPv4 first.</summary>
    public ImmutableArray<PodCidr> PodCidrs => PodCidr6 is { } range ? [PodCidr, range] : [PodCidr];

    /// <summary>IPv4 first.</summary>
    public ImmutableArray<IPAddress> Routers => Router6 is null ? [Router] : [Router, Router6];

    /// <summary>Whether the address is one that this node's pods get.</summary>
    public bool IsPodAddress(IPAddress address) => PodCidrs.Any(range => range.Contains(address));

    /// <summary>What the other nodes need to know of an endpoint: a record for each of its addresses.</summary>
    public IEnumerable<AddressRecord> Publish(EndpointRecord endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.Addresses.Select(address => new AddressRecord
        {
            Prefix = address.AsPrefix(),
            Identity = endpoint.Identity,
            Node = Name,
            NodeAddress = Address,
            Owner = endpoint.DisplayName,
            Ports = endpoint.Ports,
        });
    }
}
