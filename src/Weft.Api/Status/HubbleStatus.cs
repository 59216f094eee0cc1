using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>State of the flow observer.</summary>
public sealed record HubbleStatus
{
    [JsonPropertyName("msg")]
    public string? Message { get; init; }

    [JsonPropertyName("observer")]
    public HubbleObserver? Observer { get; init; }

    [JsonPropertyName("state")]
    public string State { get; init; } = ComponentState.Disabled;
}
