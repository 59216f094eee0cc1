using System.Text.Json.Serialization;
using Weft.Api.Cluster;
using Weft.Api.Status;

namespace Weft.Api.Config;

/// <summary>Configuration in force.</summary>
public sealed record DaemonConfigurationStatus
{
    [JsonPropertyName("addressing")]
    public NodeAddressing? Addressing { get; init; }

    /// <summary>Every option that the agent was started with.</summary>
    [JsonPropertyName("daemonConfigurationMap")]
    public IReadOnlyDictionary<string, string>? DaemonConfigurationMap { get; init; }

    [JsonPropertyName("datapathMode")]
    public string? DatapathMode { get; init; }

    [JsonPropertyName("deviceMTU")]
    public long DeviceMtu { get; init; }

    [JsonPropertyName("immutable")]
    public IReadOnlyDictionary<string, string>? Immutable { get; init; }

    [JsonPropertyName("ipam-mode")]
    public string? IpamMode { get; init; }

    [JsonPropertyName("kvstoreConfiguration")]
    public KvstoreConfiguration? KvstoreConfiguration { get; init; }

    [JsonPropertyName("masquerade")]
    public bool Masquerade { get; init; }

    [JsonPropertyName("nodeMonitor")]
    public MonitorStatus? NodeMonitor { get; init; }

    [JsonPropertyName("realized")]
    public DaemonConfigurationSpec? Realized { get; init; }

    [JsonPropertyName("routeMTU")]
    public long RouteMtu { get; init; }
}
