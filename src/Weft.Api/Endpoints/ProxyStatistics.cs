using System.Text.Json.Serialization;

namespace Weft.Api.Endpoints;

/// <summary>Counters of one proxy redirect of an endpoint.</summary>
public sealed record ProxyStatistics
{
    /// <summary><c>ingress</c> or <c>egress</c>.</summary>
    [JsonPropertyName("location")]
    public string? Location { get; init; }

    [JsonPropertyName("port")]
    public int Port { get; init; }

    [JsonPropertyName("protocol")]
    public string? Protocol { get; init; }
}
