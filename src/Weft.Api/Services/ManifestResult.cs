using System.Text.Json.Serialization;

namespace Weft.Api.Services;

/// <summary>What became of one object of the manifests.</summary>
public sealed record ManifestResult
{
    /// <summary>As in the object's field of this name.</summary>
    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    /// <summary>Empty: the kind has none.</summary>
    [JsonPropertyName("namespace")]
    public required string Namespace { get; init; }

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary><c>created</c>, <c>configured</c>, <c>unchanged</c>, <c>deleted</c> or <c>not found</c>.</summary>
    [JsonPropertyName("result")]
    public required string Result { get; init; }
}
