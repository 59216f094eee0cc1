using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>Whether pod bandwidth is limited by the datapath.</summary>
public sealed record BandwidthManagerStatus
{
    [JsonPropertyName("enabled")]
    public bool Enabled { get; init; }
}
