using System.Text.Json.Serialization;

namespace Weft.Api.Cluster;

/// <summary>Answer to GET /v1/cluster/nodes.</summary>
public sealed record ClusterNodeStatus
{
    [JsonPropertyName("client-id")]
    public long ClientId { get; init; }

    /// <summary>All known nodes.</summary>
    [JsonPropertyName("nodes-added")]
    public IReadOnlyList<NodeElement> NodesAdded { get; init; } = [];

    [JsonPropertyName("nodes-removed")]
    public IReadOnlyList<NodeElement>? NodesRemoved { get; init; }

    /// <summary><c>cluster/node</c> of the answering agent.</summary>
    [JsonPropertyName("self")]
    public string? Self { get; init; }
}
