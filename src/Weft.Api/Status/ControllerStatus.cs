using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>A background task of the agent.</summary>
public sealed record ControllerStatus
{
    [JsonPropertyName("configuration")]
    public ControllerConfiguration? Configuration { get; init; }

    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    [JsonPropertyName("status")]
    public ControllerRunStatus? Status { get; init; }

    [JsonPropertyName("uuid")]
    public string? Uuid { get; init; }
}
