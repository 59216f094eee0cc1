using System.Text.Json.Serialization;

namespace Weft.Api.Policies;

/// <summary>Where a rule and a flow part.</summary>
public sealed record PolicyDifference
{
    /// <summary>What differs, as <c>port</c>, <c>peer's namespace</c>, <c>endpoint's label app</c>.</summary>
    [JsonPropertyName("field")]
    public required string Field { get; init; }

    [JsonPropertyName("place")]
    public required RulePlace Place { get; init; }

    /// <summary>What the rule wants.</summary>
    [JsonPropertyName("written")]
    public required string Written { get; init; }

    /// <summary>What the flow has.</summary>
    [JsonPropertyName("actual")]
    public required string Actual { get; init; }
}
