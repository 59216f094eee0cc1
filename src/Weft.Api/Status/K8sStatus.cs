using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>State of the Kubernetes connection.</summary>
public sealed record K8sStatus
{
    [JsonPropertyName("k8s-api-versions")]
    public IReadOnlyList<string>? ApiVersions { get; init; }

    [JsonPropertyName("msg")]
    public string? Message { get; init; }

    [JsonPropertyName("state")]
    public string State { get; init; } = ComponentState.Disabled;
}
