using System.Text.Json.Serialization;

namespace Weft.Api.Services;

/// <summary>What a client calls.</summary>
public sealed record FrontendAddress
{
    /// <summary><c>0.0.0.0</c> and <c>::</c> stand for every address of a node.</summary>
    [JsonPropertyName("ip")]
    public required string Ip { get; init; }

    /// <summary><c>tcp</c> or <c>udp</c>.</summary>
    [JsonPropertyName("protocol")]
    public required string Protocol { get; init; }

    [JsonPropertyName("port")]
    public required ushort Port { get; init; }

    /// <summary><c>internal</c>: not reachable from outside the cluster; else <c>external</c>.</summary>
    [JsonPropertyName("scope")]
    public string? Scope { get; init; }
}
