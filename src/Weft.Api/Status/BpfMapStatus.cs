using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>Sizes of the datapath's maps.</summary>
public sealed record BpfMapStatus
{
    /// <summary>Share of memory that sized them; 0: fixed sizes.</summary>
    [JsonPropertyName("dynamic-size-ratio")]
    public double DynamicSizeRatio { get; init; }

    [JsonPropertyName("maps")]
    public IReadOnlyList<BpfMapProperties> Maps { get; init; } = [];
}
