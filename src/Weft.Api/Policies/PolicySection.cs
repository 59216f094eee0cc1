using System.Text.Json.Serialization;

namespace Weft.Api.Policies;

/// <summary>Rules of a policy, and for whom they hold.</summary>
public sealed record PolicySection
{
    /// <summary><c>spec</c>, or <c>specs[1]</c>.</summary>
    [JsonPropertyName("path")]
    public required string Path { get; init; }

    [JsonPropertyName("line")]
    public int Line { get; init; }

    [JsonPropertyName("description")]
    public string? Description { get; init; }

    /// <summary>Conditions on labels, with the namespace that a document leaves to be understood.</summary>
    [JsonPropertyName("subjects")]
    public required string Subjects { get; init; }

    /// <summary>It selects nodes, not pods.</summary>
    [JsonPropertyName("is-for-nodes")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsForNodes { get; init; }

    /// <summary><c>ingress</c>, <c>egress</c>: where what no rule allows is denied.</summary>
    [JsonPropertyName("default-deny")]
    public IReadOnlyList<string> DefaultDeny { get; init; } = [];

    [JsonPropertyName("rules")]
    public IReadOnlyList<PolicyRuleResource> Rules { get; init; } = [];
}
