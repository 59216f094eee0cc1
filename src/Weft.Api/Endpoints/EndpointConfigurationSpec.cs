using System.Text.Json.Serialization;

namespace Weft.Api.Endpoints;

/// <summary>What a user may change of an endpoint.</summary>
public sealed record EndpointConfigurationSpec
{
    [JsonPropertyName("label-configuration")]
    public LabelConfigurationSpec? LabelConfiguration { get; init; }

    /// <summary>Option name to <c>Enabled</c>, <c>Disabled</c> or a level; names as in <see cref="Config.DatapathOption"/>.</summary>
    [JsonPropertyName("options")]
    public IReadOnlyDictionary<string, string>? Options { get; init; }
}
