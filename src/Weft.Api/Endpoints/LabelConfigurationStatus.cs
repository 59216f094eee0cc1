using System.Text.Json.Serialization;

namespace Weft.Api.Endpoints;

/// <summary>Labels of an endpoint by what they are used for.</summary>
public sealed record LabelConfigurationStatus
{
    [JsonPropertyName("derived")]
    public IReadOnlyList<string>? Derived { get; init; }

    [JsonPropertyName("disabled")]
    public IReadOnlyList<string>? Disabled { get; init; }

    [JsonPropertyName("realized")]
    public LabelConfigurationSpec? Realized { get; init; }

    /// <summary>These decide the identity.</summary>
    [JsonPropertyName("security-relevant")]
    public IReadOnlyList<string>? SecurityRelevant { get; init; }
}
