using System.Text.Json.Serialization;

namespace Weft.Api.Endpoints;

/// <summary>An endpoint as the API shows it: what was asked for and what became of it.</summary>
public sealed record EndpointResource
{
    [JsonPropertyName("id")]
    public long Id { get; init; }

    [JsonPropertyName("spec")]
    public EndpointConfigurationSpec? Spec { get; init; }

    [JsonPropertyName("status")]
    public EndpointStatus? Status { get; init; }
}
