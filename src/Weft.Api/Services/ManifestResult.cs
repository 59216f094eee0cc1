using System.Text.Json.Serialization;

namespace Weft.Api.Services;

/// <summary>What became of one object of the manifests.</summary>
public sealed record ManifestResult
{
    /// <summary><c>Service</c> or <c>EndpointSlice</c>.</summary>
    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    [JsonPropertyName("namespace")]
    public required string Namespace { get; init; }

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary><c>created</c>, <c>configured</c>, <c>unchanged</c>, <c>deleted</c> or <c>not found</c>.</summary>
    [JsonPropertyName("result")]
    public required string Result { get; init; }
}
