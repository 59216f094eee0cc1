using System.Text.Json.Serialization;
using Weft.Api.Cluster;

namespace Weft.Api.Ipam;

/// <summary>Answer to POST /v1/ipam.</summary>
public sealed record IpamResponse
{
    [JsonPropertyName("address")]
    public AddressPair? Address { get; init; }

    [JsonPropertyName("host-addressing")]
    public NodeAddressing? HostAddressing { get; init; }

    [JsonPropertyName("ipv4")]
    public IpamAddressResponse? Ipv4 { get; init; }

    [JsonPropertyName("ipv6")]
    public IpamAddressResponse? Ipv6 { get; init; }
}
