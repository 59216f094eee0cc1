using System.Text.Json.Serialization;

namespace Weft.Api.Endpoints;

/// <summary>How well an endpoint is served; each field is one of <see cref="HealthState"/>.</summary>
public sealed record EndpointHealth
{
    [JsonPropertyName("bpf")]
    public string? Bpf { get; init; }

    [JsonPropertyName("policy")]
    public string? Policy { get; init; }

    /// <summary>Its device exists and is up.</summary>
    [JsonPropertyName("connected")]
    public bool Connected { get; init; }

    [JsonPropertyName("overallHealth")]
    public string? OverallHealth { get; init; }
}
