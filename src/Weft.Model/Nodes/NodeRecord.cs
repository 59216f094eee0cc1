using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using Weft.Model.Addressing;

namespace Weft.Model.Nodes;

/// <summary>What every other node must know of a node to send packets to its pods.</summary>
public sealed record NodeRecord
{
    [JsonPropertyName("name")]
    public required NodeName Name { get; init; }

    [JsonPropertyName("cluster")]
    public required ClusterName Cluster { get; init; }

    /// <summary>Differs between two machines that claim one name, and stays the same over a restart of the agent.</summary>
    [JsonPropertyName("instance")]
    public required string Instance { get; init; }

    /// <summary>Addresses on the underlay, at most one a family; the IPv4 one is the tunnel endpoint.</summary>
    [JsonPropertyName("addresses")]
    public required ImmutableArray<IPAddress> Addresses { get; init; }

    [JsonPropertyName("podCidrs")]
    public required ImmutableArray<PodCidr> PodCidrs { get; init; }

    /// <summary>The pods' gateway on this node, one a family; packets of the node itself into the overlay come from it.</summary>
    [JsonPropertyName("routers")]
    public required ImmutableArray<IPAddress> Routers { get; init; }

    /// <summary>Where the others probe the way to the node's pods; null: it has no health endpoint, or none yet.</summary>
    [JsonPropertyName("health")]
    public HealthAddresses? Health { get; init; }

    /// <summary>The outer destination of packets to this node's pods, of both families; null: the record has no IPv4 address.</summary>
    [JsonIgnore]
    public IPAddress? TunnelEndpoint => Addresses.FirstOrDefault(address => !address.IsIPv6());

    public bool Equals(NodeRecord? other) => other is not null
        && Name == other.Name && Cluster == other.Cluster && Instance == other.Instance
        && Addresses.SequenceEqual(other.Addresses) && PodCidrs.SequenceEqual(other.PodCidrs) && Routers.SequenceEqual(other.Routers)
        && Health == other.Health;

    public override int GetHashCode() => HashCode.Combine(Name, Cluster, Instance, Addresses.FirstOrDefault());
}
