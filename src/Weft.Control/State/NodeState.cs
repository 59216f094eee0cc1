using System.Net;
using System.Text.Json.Serialization;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Nodes;

namespace Weft.Control.State;

/// <summary>What a node must be again after a restart, and what <c>cleanup</c> needs to undo it: the document <c>node.json</c>.</summary>
public sealed record NodeState
{
    public const string FileName = "node.json";

    [JsonPropertyName("node")]
    public required NodeName Node { get; init; }

    [JsonPropertyName("cluster")]
    public required ClusterName Cluster { get; init; }

    /// <summary>Tells two machines apart that claim one name.</summary>
    [JsonPropertyName("instance")]
    public required string Instance { get; init; }

    [JsonPropertyName("podCidr")]
    public required PodCidr PodCidr { get; init; }

    /// <summary>The pods' gateway: they keep it in their routes, so it stays.</summary>
    [JsonPropertyName("router")]
    public required IPAddress Router { get; init; }

    /// <summary>Null: the node's pods have no IPv6, or the file is of a version that knew none.</summary>
    [JsonPropertyName("podCidr6")]
    public PodCidr? PodCidr6 { get; init; }

    [JsonPropertyName("router6")]
    public IPAddress? Router6 { get; init; }

    /// <summary>The node's own endpoint (reserved:host), source of its events.</summary>
    [JsonPropertyName("hostEndpoint")]
    public required EndpointId HostEndpoint { get; init; }

    [JsonPropertyName("device")]
    public required string Device { get; init; }

    [JsonPropertyName("store")]
    public required string Store { get; init; }
}
