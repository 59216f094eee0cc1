using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Cni.Results;

/// <summary>Answer to ADD, and <c>prevResult</c> of a configuration.</summary>
internal sealed record AddResult
{
    [JsonPropertyName("cniVersion")]
    public string? CniVersion { get; init; }

    [JsonPropertyName("interfaces")]
    public IReadOnlyList<ResultInterface>? Interfaces { get; init; }

    [JsonPropertyName("ips")]
    public IReadOnlyList<ResultAddress>? Addresses { get; init; }

    [JsonPropertyName("routes")]
    public IReadOnlyList<ResultRoute>? Routes { get; init; }

    /// <summary>Passed on as an earlier plugin gave it; Weft sets none.</summary>
    [JsonPropertyName("dns")]
    public JsonElement? Dns { get; init; }
}
