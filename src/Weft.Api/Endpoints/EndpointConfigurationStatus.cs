using System.Text.Json.Serialization;

namespace Weft.Api.Endpoints;

/// <summary>The configuration of an endpoint as it is in force.</summary>
public sealed record EndpointConfigurationStatus
{
    [JsonPropertyName("realized")]
    public EndpointConfigurationSpec? Realized { get; init; }

    /// <summary>Options that cannot be changed while the endpoint lives.</summary>
    [JsonPropertyName("immutable")]
    public IReadOnlyDictionary<string, string>? Immutable { get; init; }

    /// <summary>Why the last change was not realized.</summary>
    [JsonPropertyName("error")]
    public string? Error { get; init; }
}
