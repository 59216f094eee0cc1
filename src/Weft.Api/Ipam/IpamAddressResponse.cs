using System.Text.Json.Serialization;

namespace Weft.Api.Ipam;

/// <summary>One allocated address and what a pod needs to use it.</summary>
public sealed record IpamAddressResponse
{
    [JsonPropertyName("cidrs")]
    public IReadOnlyList<string>? Cidrs { get; init; }

    [JsonPropertyName("expiration-uuid")]
    public string? ExpirationUuid { get; init; }

    [JsonPropertyName("gateway")]
    public string? Gateway { get; init; }

    [JsonPropertyName("ip")]
    public string? Ip { get; init; }
}
