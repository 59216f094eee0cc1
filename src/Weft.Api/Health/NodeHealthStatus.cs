using System.Text.Json.Serialization;

namespace Weft.Api.Health;

/// <summary>How a node is reached.</summary>
public sealed record NodeHealthStatus
{
    /// <summary>The way to its pods; absent where the node has no health endpoint.</summary>
    [JsonPropertyName("health-endpoint")]
    public AddressesHealth? HealthEndpoint { get; init; }

    /// <summary>The way to the node itself.</summary>
    [JsonPropertyName("host")]
    public AddressesHealth? Host { get; init; }

    /// <summary><c>cluster/node</c>, or the bare name in the default cluster.</summary>
    [JsonPropertyName("name")]
    public string Name { get; init; } = "";
}
