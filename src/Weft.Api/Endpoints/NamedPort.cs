using System.Text.Json.Serialization;

namespace Weft.Api.Endpoints;

/// <summary>A port of an endpoint that policies may call by name.</summary>
public sealed record NamedPort
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("port")]
    public int Port { get; init; }

    [JsonPropertyName("protocol")]
    public string? Protocol { get; init; }
}
