using System.Text.Json.Serialization;

namespace Weft.Api.Cluster;

/// <summary>A node of the cluster.</summary>
public sealed record NodeElement
{
    [JsonPropertyName("health-endpoint-address")]
    public NodeAddressing? HealthEndpointAddress { get; init; }

    /// <summary><c>cluster/node</c>, or the bare name in the default cluster.</summary>
    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    [JsonPropertyName("primary-address")]
    public NodeAddressing? PrimaryAddress { get; init; }

    [JsonPropertyName("secondary-addresses")]
    public IReadOnlyList<NodeAddressingElement>? SecondaryAddresses { get; init; }

    /// <summary>Where it was learnt: <c>local</c>, <c>kvstore</c>.</summary>
    [JsonPropertyName("source")]
    public string? Source { get; init; }
}
