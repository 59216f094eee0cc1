using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>Whether policy applies to the node itself.</summary>
public sealed record HostFirewall
{
    [JsonPropertyName("devices")]
    public IReadOnlyList<string>? Devices { get; init; }

    /// <summary><c>Enabled</c> or <c>Disabled</c>.</summary>
    [JsonPropertyName("mode")]
    public string Mode { get; init; } = "Disabled";
}
