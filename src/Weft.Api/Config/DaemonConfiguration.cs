using System.Text.Json.Serialization;

namespace Weft.Api.Config;

/// <summary>Answer to GET /v1/config.</summary>
public sealed record DaemonConfiguration
{
    [JsonPropertyName("spec")]
    public DaemonConfigurationSpec? Spec { get; init; }

    [JsonPropertyName("status")]
    public DaemonConfigurationStatus? Status { get; init; }
}
