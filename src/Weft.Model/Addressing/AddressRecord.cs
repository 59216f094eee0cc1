using System.Net;
using System.Text.Json.Serialization;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Model.Nodes;

namespace Weft.Model.Addressing;

/// <summary>Who sits behind an address and which node to send its packets to: one row of every node's ipcache.</summary>
public sealed record AddressRecord
{
    /// <summary>A single address (/32, /128) for a pod; a wider prefix for a range that shares one identity.</summary>
    [JsonPropertyName("prefix")]
    public required IPNetwork Prefix { get; init; }

    [JsonPropertyName("identity")]
    public required Identity Identity { get; init; }

    [JsonPropertyName("node")]
    public required NodeName Node { get; init; }

    /// <summary>The node's underlay address: the outer destination of packets to <see cref="Prefix"/>.</summary>
    [JsonPropertyName("nodeAddress")]
    public required IPAddress NodeAddress { get; init; }

    /// <summary>Of the pod; null: none has a name.</summary>
    [JsonPropertyName("ports")]
    public NamedPorts? Ports { get; init; }

    /// <summary>For people: `namespace/pod`, or what else holds the address.</summary>
    [JsonPropertyName("owner")]
    public string? Owner { get; init; }
}
