using System.Text.Json.Serialization;

namespace Weft.Api.Tracing;

/// <summary>What was counted over the time of a netfilter trace.</summary>
public sealed record NetfilterTraceSummary
{
    [JsonPropertyName("node")]
    public required string Node { get; init; }

    /// <summary>Packets of the flow that the eBPF datapath has counted for endpoints of this node.</summary>
    [JsonPropertyName("datapath-packets")]
    public required ulong DatapathPackets { get; init; }

    /// <summary>Packets of the flow itself that came to each of netfilter's beginnings, <c>prerouting</c> and <c>output</c>.</summary>
    [JsonPropertyName("netfilter-packets")]
    public required IReadOnlyDictionary<string, ulong> NetfilterPackets { get; init; }

    /// <summary>The same of VXLAN packets that carried packets of the flow.</summary>
    [JsonPropertyName("tunnel-packets")]
    public required IReadOnlyDictionary<string, ulong> TunnelPackets { get; init; }

    /// <summary>Of both, those whose steps were told; the others came faster than the limit of the trace's rules.</summary>
    [JsonPropertyName("traced-packets")]
    public required ulong TracedPackets { get; init; }

    /// <summary>Devices of the flow's endpoints on this node.</summary>
    [JsonPropertyName("endpoint-devices")]
    public IReadOnlyList<string> EndpointDevices { get; init; } = [];

    /// <summary>The overlay's device.</summary>
    [JsonPropertyName("overlay-device")]
    public string? OverlayDevice { get; init; }
}
