using System.Text.Json.Serialization;

namespace Weft.Api.Services;

/// <summary>A frontend that the node balances, as wanted and as it is.</summary>
public sealed record ServiceResource
{
    [JsonPropertyName("spec")]
    public ServiceSpec? Spec { get; init; }

    [JsonPropertyName("status")]
    public ServiceResourceStatus? Status { get; init; }
}
