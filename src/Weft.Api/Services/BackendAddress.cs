using System.Text.Json.Serialization;

namespace Weft.Api.Services;

/// <summary>A place that a service leads to.</summary>
public sealed record BackendAddress
{
    [JsonPropertyName("ip")]
    public required string Ip { get; init; }

    /// <summary><c>tcp</c> or <c>udp</c>.</summary>
    [JsonPropertyName("protocol")]
    public string? Protocol { get; init; }

    [JsonPropertyName("port")]
    public ushort Port { get; init; }

    [JsonPropertyName("nodeName")]
    public string? NodeName { get; init; }

    /// <summary><c>active</c>; <c>terminating</c>: it keeps the connections that it has and gets no new ones.</summary>
    [JsonPropertyName("state")]
    public string? State { get; init; }
}
