using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>How a controller has fared.</summary>
public sealed record ControllerRunStatus
{
    /// <summary>0: healthy.</summary>
    [JsonPropertyName("consecutive-failure-count")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ConsecutiveFailureCount { get; init; }

    [JsonPropertyName("failure-count")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long FailureCount { get; init; }

    [JsonPropertyName("last-failure-msg")]
    public string? LastFailureMessage { get; init; }

    /// <summary><c>0001-01-01T00:00:00.000Z</c>: never.</summary>
    [JsonPropertyName("last-failure-timestamp")]
    public DateTimeOffset LastFailureTimestamp { get; init; }

    /// <summary><c>0001-01-01T00:00:00.000Z</c>: never.</summary>
    [JsonPropertyName("last-success-timestamp")]
    public DateTimeOffset LastSuccessTimestamp { get; init; }

    [JsonPropertyName("success-count")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SuccessCount { get; init; }
}
