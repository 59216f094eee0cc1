using System.Text.Json.Serialization;

namespace Weft.Api.Health;

/// <summary>What the last probe of an address by one protocol found.</summary>
public sealed record ConnectivityStatus
{
    [JsonPropertyName("lastProbed")]
    public DateTimeOffset LastProbed { get; init; }

    /// <summary>Round trip in nanoseconds; 0 where no answer came.</summary>
    [JsonPropertyName("latency")]
    public long Latency { get; init; }

    /// <summary>Why no right answer came; empty: it did.</summary>
    [JsonPropertyName("status")]
    public string Status { get; init; } = "";
}
