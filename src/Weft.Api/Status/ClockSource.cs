using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>Clock that conntrack times are taken from.</summary>
public sealed record ClockSource
{
    [JsonPropertyName("hertz")]
    public long Hertz { get; init; }

    /// <summary><c>ktime</c> or <c>jiffies</c>.</summary>
    [JsonPropertyName("mode")]
    public string Mode { get; init; } = "ktime";
}
