using System.Text.Json.Serialization;

namespace Weft.Api.Services;

/// <summary>What the datapath has of a service.</summary>
public sealed record ServiceResourceStatus
{
    [JsonPropertyName("realized")]
    public ServiceSpec? Realized { get; init; }
}
