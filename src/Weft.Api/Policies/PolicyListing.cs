using System.Text.Json.Serialization;

namespace Weft.Api.Policies;

/// <summary>Answer to GET /v1/policy: what the agent enforces.</summary>
public sealed record PolicyListing
{
    /// <summary>Grows whenever policies changed on the node.</summary>
    [JsonPropertyName("revision")]
    public long Revision { get; init; }

    /// <summary>By kind, namespace and name.</summary>
    [JsonPropertyName("policies")]
    public IReadOnlyList<PolicyResource> Policies { get; init; } = [];
}
