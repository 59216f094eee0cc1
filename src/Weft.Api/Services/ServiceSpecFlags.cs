using System.Text.Json.Serialization;

namespace Weft.Api.Services;

/// <summary>Whose frontend it is, and of which kind.</summary>
public sealed record ServiceSpecFlags
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("namespace")]
    public string? Namespace { get; init; }

    /// <summary><c>ClusterIP</c>, <c>NodePort</c>, <c>ExternalIPs</c> or <c>LoadBalancer</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }
}
