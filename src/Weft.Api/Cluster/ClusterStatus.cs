using System.Text.Json.Serialization;
using Weft.Api.Status;

namespace Weft.Api.Cluster;

/// <summary>The cluster as one node sees it.</summary>
public sealed record ClusterStatus
{
    /// <summary>State of the health prober.</summary>
    [JsonPropertyName("ciliumHealth")]
    public ComponentStatus? Health { get; init; }

    [JsonPropertyName("nodes")]
    public IReadOnlyList<NodeElement>? Nodes { get; init; }

    /// <summary><c>cluster/node</c> of the answering agent.</summary>
    [JsonPropertyName("self")]
    public string? Self { get; init; }
}
