using System.Text.Json.Serialization;

namespace Weft.Api.Ipam;

/// <summary>What differs between addresses, endpoints, devices and the datapath's maps. Not part of Cilium's API.</summary>
public sealed record IpamCheck
{
    [JsonPropertyName("problems")]
    public required IReadOnlyList<IpamProblem> Problems { get; init; }
}
