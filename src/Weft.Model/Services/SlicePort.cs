using System.Text.Json.Serialization;

namespace Weft.Model.Services;

/// <summary>A port of all endpoints of a slice.</summary>
public sealed record SlicePort
{
    /// <summary>That of the service's port that leads here; may be empty.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("protocol")]
    public required string Protocol { get; init; }

    /// <summary>Null: all ports, so the service's own target port.</summary>
    [JsonPropertyName("port")]
    public ushort? Port { get; init; }
}
