using System.Text.Json.Serialization;

namespace Weft.Api.Policies;

/// <summary>A rule that would have allowed a flow if the least had been different.</summary>
public sealed record PolicyNearMiss
{
    [JsonPropertyName("rule")]
    public required RulePlace Rule { get; init; }

    [JsonPropertyName("differences")]
    public IReadOnlyList<PolicyDifference> Differences { get; init; } = [];
}
