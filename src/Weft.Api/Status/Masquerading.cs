using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>Whether packets from pods to the world take the node's address.</summary>
public sealed record Masquerading
{
    [JsonPropertyName("enabled")]
    public bool Enabled { get; init; }

    [JsonPropertyName("enabledProtocols")]
    public EnabledProtocols? EnabledProtocols { get; init; }

    /// <summary><c>BPF</c> or <c>iptables</c>.</summary>
    [JsonPropertyName("mode")]
    public string? Mode { get; init; }

    /// <summary>Destinations that are left alone.</summary>
    [JsonPropertyName("snat-exclusion-cidr-v4")]
    public string? SnatExclusionCidrV4 { get; init; }

    /// <inheritdoc cref="SnatExclusionCidrV4"/>
    [JsonPropertyName("snat-exclusion-cidr-v6")]
    public string? SnatExclusionCidrV6 { get; init; }
}
