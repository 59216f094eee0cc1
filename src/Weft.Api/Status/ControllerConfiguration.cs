using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>When a controller runs.</summary>
public sealed record ControllerConfiguration
{
    [JsonPropertyName("error-retry")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ErrorRetry { get; init; }

    /// <summary>First back-off, as <c>2s</c>.</summary>
    [JsonPropertyName("error-retry-base")]
    public string? ErrorRetryBase { get; init; }

    /// <summary>As <c>5m0s</c>; none: only when triggered.</summary>
    [JsonPropertyName("interval")]
    public string? Interval { get; init; }
}
