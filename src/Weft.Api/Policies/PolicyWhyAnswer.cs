using System.Text.Json.Serialization;

namespace Weft.Api.Policies;

/// <summary>Answer to GET /v1/policy/why.</summary>
public sealed record PolicyWhyAnswer
{
    /// <summary>One, or of a service one for all backends that are the same to policy.</summary>
    [JsonPropertyName("flows")]
    public IReadOnlyList<PolicyFlowVerdict> Flows { get; init; } = [];
}
