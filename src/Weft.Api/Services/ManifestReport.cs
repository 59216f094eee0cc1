using System.Text.Json.Serialization;

namespace Weft.Api.Services;

/// <summary>What became of manifests.</summary>
public sealed record ManifestReport
{
    [JsonPropertyName("results")]
    public IReadOnlyList<ManifestResult> Results { get; init; } = [];

    /// <summary>What of them means nothing here, each with its line.</summary>
    [JsonPropertyName("warnings")]
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
