using System.Text.Json.Serialization;

namespace Weft.Cni.Results;

/// <summary>A route that a plugin made in the container. What follows the gateway came with 1.1.0.</summary>
internal sealed record ResultRoute
{
    [JsonPropertyName("dst")]
    public string? Destination { get; init; }

    [JsonPropertyName("gw")]
    public string? Gateway { get; init; }

    [JsonPropertyName("mtu")]
    public long? Mtu { get; init; }

    [JsonPropertyName("advmss")]
    public long? AdvertisedMss { get; init; }

    [JsonPropertyName("priority")]
    public long? Priority { get; init; }

    [JsonPropertyName("table")]
    public long? Table { get; init; }

    [JsonPropertyName("scope")]
    public long? Scope { get; init; }
}
