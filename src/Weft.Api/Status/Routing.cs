using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>How packets travel between and within nodes.</summary>
public sealed record Routing
{
    /// <summary><c>Tunnel</c> or <c>Native</c>.</summary>
    [JsonPropertyName("inter-host-routing-mode")]
    public string InterHostRoutingMode { get; init; } = "Tunnel";

    /// <summary><c>BPF</c> or <c>Legacy</c>.</summary>
    [JsonPropertyName("intra-host-routing-mode")]
    public string IntraHostRoutingMode { get; init; } = "BPF";

    /// <summary><c>vxlan</c>.</summary>
    [JsonPropertyName("tunnel-protocol")]
    public string? TunnelProtocol { get; init; }
}
