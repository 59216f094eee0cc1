using System.Text.Json.Serialization;

namespace Weft.Api.Endpoints;

/// <summary>Labels of an endpoint: asked for and in force.</summary>
public sealed record LabelConfiguration
{
    [JsonPropertyName("spec")]
    public LabelConfigurationSpec? Spec { get; init; }

    [JsonPropertyName("status")]
    public LabelConfigurationStatus? Status { get; init; }
}
