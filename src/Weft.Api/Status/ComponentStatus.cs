using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>State of one component.</summary>
public sealed record ComponentStatus
{
    [JsonPropertyName("msg")]
    public string? Message { get; init; }

    /// <summary>One of <see cref="ComponentState"/>.</summary>
    [JsonPropertyName("state")]
    public string State { get; init; } = ComponentState.Disabled;
}
