using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>A feature whose whole state is its mode.</summary>
public sealed record ModeStatus
{
    [JsonPropertyName("mode")]
    public string Mode { get; init; } = "Disabled";
}
