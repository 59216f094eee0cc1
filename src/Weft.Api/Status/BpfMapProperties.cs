using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>Name and capacity of one map.</summary>
public sealed record BpfMapProperties
{
    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    /// <summary>Entries; for a ring buffer, bytes.</summary>
    [JsonPropertyName("size")]
    public long Size { get; init; }
}
