using System.Text.Json.Serialization;

namespace Weft.Api.Cluster;

/// <summary>Addresses of a node by family.</summary>
public sealed record NodeAddressing
{
    [JsonPropertyName("ipv4")]
    public NodeAddressingElement? Ipv4 { get; init; }

    [JsonPropertyName("ipv6")]
    public NodeAddressingElement? Ipv6 { get; init; }
}
