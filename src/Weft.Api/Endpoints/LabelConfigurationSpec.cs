using System.Text.Json.Serialization;

namespace Weft.Api.Endpoints;

/// <summary>Labels that a user adds to an endpoint.</summary>
public sealed record LabelConfigurationSpec
{
    [JsonPropertyName("user")]
    public IReadOnlyList<string>? User { get; init; }
}
