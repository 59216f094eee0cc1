using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>Fill level of the flow ring.</summary>
public sealed record HubbleObserver
{
    [JsonPropertyName("current-flows")]
    public long CurrentFlows { get; init; }

    [JsonPropertyName("max-flows")]
    public long MaxFlows { get; init; }

    [JsonPropertyName("seen-flows")]
    public long SeenFlows { get; init; }
}
