using System.Text.Json.Serialization;

namespace Weft.Api.Identities;

/// <summary>A security identity and the label set that it stands for.</summary>
public sealed record IdentityResource
{
    [JsonPropertyName("id")]
    public long Id { get; init; }

    /// <summary><c>source:key[=value]</c>.</summary>
    [JsonPropertyName("labels")]
    public IReadOnlyList<string> Labels { get; init; } = [];

    [JsonPropertyName("labelsSHA256")]
    public string? LabelsSha256 { get; init; }
}
