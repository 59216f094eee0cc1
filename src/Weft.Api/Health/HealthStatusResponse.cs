using System.Text.Json.Serialization;

namespace Weft.Api.Health;

/// <summary>Answer to GET /v1/health: how one node reaches all nodes, as <c>cilium-health status</c> has it.</summary>
public sealed record HealthStatusResponse
{
    [JsonPropertyName("local")]
    public SelfStatus? Local { get; init; }

    [JsonPropertyName("nodes")]
    public IReadOnlyList<NodeHealthStatus> Nodes { get; init; } = [];

    /// <summary>From the end of a round of probes to the next, as Go prints durations.</summary>
    [JsonPropertyName("probeInterval")]
    public string? ProbeInterval { get; init; }

    /// <summary>When the last round of probes began.</summary>
    [JsonPropertyName("timestamp")]
    public DateTimeOffset Timestamp { get; init; }
}
