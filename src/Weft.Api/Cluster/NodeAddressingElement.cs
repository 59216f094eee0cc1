using System.Text.Json.Serialization;

namespace Weft.Api.Cluster;

/// <summary>One address of a node and the range its pods get theirs from.</summary>
public sealed record NodeAddressingElement
{
    [JsonPropertyName("address-type")]
    public string? AddressType { get; init; }

    /// <summary>Pod CIDR.</summary>
    [JsonPropertyName("alloc-range")]
    public string? AllocRange { get; init; }

    [JsonPropertyName("enabled")]
    public bool Enabled { get; init; }

    [JsonPropertyName("ip")]
    public string? Ip { get; init; }
}
