using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>A device that services are reached by from outside.</summary>
public sealed record KubeProxyDevice
{
    /// <summary>The node's addresses on it, IPv4 first.</summary>
    [JsonPropertyName("ip")]
    public IReadOnlyList<string>? Ip { get; init; }

    [JsonPropertyName("name")]
    public string Name { get; init; } = "";
}
