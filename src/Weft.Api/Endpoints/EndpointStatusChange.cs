using System.Text.Json.Serialization;

namespace Weft.Api.Endpoints;

/// <summary>One line of an endpoint's log.</summary>
public sealed record EndpointStatusChange
{
    /// <summary><c>OK</c> or <c>Failed</c>.</summary>
    [JsonPropertyName("code")]
    public string? Code { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }

    [JsonPropertyName("state")]
    public string? State { get; init; }

    [JsonPropertyName("timestamp")]
    public DateTimeOffset? Timestamp { get; init; }
}
