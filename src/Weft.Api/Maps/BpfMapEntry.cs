using System.Text.Json.Serialization;

namespace Weft.Api.Maps;

/// <summary>One entry of a map as text.</summary>
public sealed record BpfMapEntry
{
    /// <summary><c>ok</c>, <c>insert</c> or <c>delete</c>.</summary>
    [JsonPropertyName("desired-action")]
    public string? DesiredAction { get; init; }

    [JsonPropertyName("key")]
    public string? Key { get; init; }

    [JsonPropertyName("last-error")]
    public string? LastError { get; init; }

    [JsonPropertyName("value")]
    public string? Value { get; init; }
}
