using System.Text.Json.Serialization;

namespace Weft.Api.Ipam;

/// <summary>Addresses of an endpoint.</summary>
public sealed record AddressPair
{
    [JsonPropertyName("ipv4")]
    public string? Ipv4 { get; init; }

    /// <summary>Set while an allocation is not yet owned by an endpoint.</summary>
    [JsonPropertyName("ipv4-expiration-uuid")]
    public string? Ipv4ExpirationUuid { get; init; }

    [JsonPropertyName("ipv6")]
    public string? Ipv6 { get; init; }

    [JsonPropertyName("ipv6-expiration-uuid")]
    public string? Ipv6ExpirationUuid { get; init; }
}
