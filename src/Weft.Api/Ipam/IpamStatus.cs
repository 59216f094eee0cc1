using System.Text.Json.Serialization;

namespace Weft.Api.Ipam;

/// <summary>Addresses that a node has and has given away.</summary>
public sealed record IpamStatus
{
    /// <summary>Address to owner: <c>router</c>, <c>health</c>, or <c>namespace/pod</c>.</summary>
    [JsonPropertyName("allocations")]
    public IReadOnlyDictionary<string, string>? Allocations { get; init; }

    /// <summary>Allocated IPv4 addresses.</summary>
    [JsonPropertyName("ipv4")]
    public IReadOnlyList<string>? Ipv4 { get; init; }

    /// <summary>Allocated IPv6 addresses.</summary>
    [JsonPropertyName("ipv6")]
    public IReadOnlyList<string>? Ipv6 { get; init; }

    /// <summary>For people: <c>IPv4: 6/254 allocated from 10.0.1.0/24</c>.</summary>
    [JsonPropertyName("status")]
    public string? Text { get; init; }
}
