using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Weft.Model.Addressing;

namespace Weft.Model.Nodes;

/// <summary>A node's wish for pod CIDRs of the cluster's pool, and the operator's answer to it.</summary>
public sealed record PodCidrClaim
{
    [JsonPropertyName("node")]
    public required NodeName Node { get; init; }

    [JsonPropertyName("ipv6")]
    public required bool WantsIPv6 { get; init; }

    /// <summary>IPv4 first; empty until the operator has answered.</summary>
    [JsonPropertyName("podCidrs")]
    public ImmutableArray<PodCidr> PodCidrs { get; init; } = [];

    /// <summary>Why the operator has none to give.</summary>
    [JsonPropertyName("problem")]
    public string? Problem { get; init; }

    [JsonIgnore]
    public bool IsAnswered => PodCidrs.Any(range => range.IsIPv4) && (!WantsIPv6 || PodCidrs.Any(range => !range.IsIPv4));

    public bool Equals(PodCidrClaim? other) => other is not null
        && Node == other.Node && WantsIPv6 == other.WantsIPv6 && Problem == other.Problem && PodCidrs.SequenceEqual(other.PodCidrs);

    public override int GetHashCode() => HashCode.Combine(Node, WantsIPv6, Problem, PodCidrs.Length);
}
