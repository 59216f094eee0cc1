using System.Net;
using System.Text.Json.Serialization;

namespace Weft.Model.Nodes;

/// <summary>Where the health endpoint of a node answers, one address a family.</summary>
public sealed record HealthAddresses
{
    [JsonPropertyName("ipv4")]
    public IPAddress? IPv4 { get; init; }

    [JsonPropertyName("ipv6")]
    public IPAddress? IPv6 { get; init; }
}
