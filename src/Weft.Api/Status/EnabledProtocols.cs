using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>Address families that a feature is on for.</summary>
public sealed record EnabledProtocols
{
    [JsonPropertyName("ipv4")]
    public bool Ipv4 { get; init; }

    [JsonPropertyName("ipv6")]
    public bool Ipv6 { get; init; }
}
