using System.Text.Json.Serialization;

namespace Weft.Api.Ipam;

/// <summary>The node's pools of addresses and what is given of them. Not part of Cilium's API.</summary>
public sealed record IpamListing
{
    [JsonPropertyName("pools")]
    public required IReadOnlyList<IpamPool> Pools { get; init; }

    /// <summary>By address, IPv4 first.</summary>
    [JsonPropertyName("allocations")]
    public required IReadOnlyList<IpamAllocation> Allocations { get; init; }
}
