using System.Text.Json.Serialization;

namespace Weft.Api.Health;

/// <summary>The node that probed.</summary>
public sealed record SelfStatus
{
    [JsonPropertyName("name")]
    public string Name { get; init; } = "";
}
