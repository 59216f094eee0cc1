using System.Text.Json.Serialization;

namespace Weft.Api.Ipam;

/// <summary>A pod CIDR of the node.</summary>
public sealed record IpamPool
{
    [JsonPropertyName("cidr")]
    public required string Cidr { get; init; }

    [JsonPropertyName("gateway")]
    public required string Gateway { get; init; }

    /// <summary>Addresses that are given.</summary>
    [JsonPropertyName("used")]
    public required long Used { get; init; }

    /// <summary>How many there are, in decimal: a range of IPv6 has more than a number of JSON can say.</summary>
    [JsonPropertyName("capacity")]
    public required string Capacity { get; init; }
}
