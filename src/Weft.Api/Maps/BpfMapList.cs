using System.Text.Json.Serialization;

namespace Weft.Api.Maps;

/// <summary>Answer to GET /v1/map.</summary>
public sealed record BpfMapList
{
    [JsonPropertyName("maps")]
    public IReadOnlyList<BpfMap> Maps { get; init; } = [];
}
