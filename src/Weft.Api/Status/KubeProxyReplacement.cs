using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>Whether services are handled by the datapath.</summary>
public sealed record KubeProxyReplacement
{
    [JsonPropertyName("devices")]
    public IReadOnlyList<string>? Devices { get; init; }

    /// <summary>The same with their addresses.</summary>
    [JsonPropertyName("deviceList")]
    public IReadOnlyList<KubeProxyDevice>? DeviceList { get; init; }

    [JsonPropertyName("directRoutingDevice")]
    public string? DirectRoutingDevice { get; init; }

    /// <summary><c>True</c>; <c>Partial</c>: in packets but not at sockets; <c>Disabled</c>.</summary>
    [JsonPropertyName("mode")]
    public string Mode { get; init; } = "Disabled";

    [JsonPropertyName("socketLB")]
    public SocketLB? SocketLB { get; init; }
}
