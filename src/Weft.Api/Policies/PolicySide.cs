using System.Text.Json.Serialization;

namespace Weft.Api.Policies;

/// <summary>What one end of a flow says to it, and why.</summary>
public sealed record PolicySide
{
    public const string NotEnforced = "not-enforced";
    public const string Allowed = "allowed";
    public const string DeniedByRule = "denied-by-rule";
    public const string DeniedByDefault = "denied-by-default";

    /// <summary><c>not-enforced</c>, <c>allowed</c>, <c>denied-by-rule</c> or <c>denied-by-default</c>.</summary>
    [JsonPropertyName("verdict")]
    public required string Verdict { get; init; }

    /// <summary>The same and why, as a sentence without its subject.</summary>
    [JsonPropertyName("reason")]
    public required string Reason { get; init; }

    /// <summary>What is denied here passes: the endpoint, or the node, is audited.</summary>
    [JsonPropertyName("audited")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsAudited { get; init; }

    /// <summary>The rule that decided; none: no rule did.</summary>
    [JsonPropertyName("rule")]
    public RulePlace? Rule { get; init; }

    /// <summary>Sections that select the end, so that what no rule allows is denied.</summary>
    [JsonPropertyName("default-deny-by")]
    public IReadOnlyList<RulePlace> DefaultDenyBy { get; init; } = [];

    /// <summary>Of a denial by default: the rule that the flow misses by least.</summary>
    [JsonPropertyName("nearest")]
    public PolicyNearMiss? Nearest { get; init; }
}
