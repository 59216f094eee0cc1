using System.Text.Json.Serialization;

namespace Weft.Api.Cni;

/// <summary>What a collection removed, and what it could not.</summary>
public sealed record CniCollection
{
    /// <summary>Each <c>container-id:interface</c>.</summary>
    [JsonPropertyName("removed")]
    public required IReadOnlyList<string> Removed { get; init; }

    /// <summary>One for each endpoint that should have gone and has not.</summary>
    [JsonPropertyName("failures")]
    public required IReadOnlyList<string> Failures { get; init; }
}
