using System.Text.Json.Serialization;
using Weft.Api.Cluster;
using Weft.Api.Ipam;

namespace Weft.Api.Status;

/// <summary>Answer to GET /v1/healthz. A feature that is missing is not part of this agent and is shown as <c>Disabled</c>.</summary>
public sealed record StatusResponse
{
    [JsonPropertyName("bandwidth-manager")]
    public BandwidthManagerStatus? BandwidthManager { get; init; }

    [JsonPropertyName("bpf-maps")]
    public BpfMapStatus? BpfMaps { get; init; }

    /// <summary>The agent itself; the name is Cilium's, for tools that look there.</summary>
    [JsonPropertyName("cilium")]
    public ComponentStatus? Agent { get; init; }

    [JsonPropertyName("clock-source")]
    public ClockSource? ClockSource { get; init; }

    [JsonPropertyName("cluster")]
    public ClusterStatus? Cluster { get; init; }

    [JsonPropertyName("cni-chaining")]
    public ModeStatus? CniChaining { get; init; }

    [JsonPropertyName("container-runtime")]
    public ComponentStatus? ContainerRuntime { get; init; }

    [JsonPropertyName("controllers")]
    public IReadOnlyList<ControllerStatus>? Controllers { get; init; }

    [JsonPropertyName("encryption")]
    public EncryptionStatus? Encryption { get; init; }

    [JsonPropertyName("host-firewall")]
    public HostFirewall? HostFirewall { get; init; }

    /// <summary><c>BPF</c> or <c>Legacy</c>.</summary>
    [JsonPropertyName("host-routing")]
    public ModeStatus? HostRouting { get; init; }

    [JsonPropertyName("hubble")]
    public HubbleStatus? Hubble { get; init; }

    [JsonPropertyName("identity-range")]
    public IdentityRange? IdentityRange { get; init; }

    [JsonPropertyName("ipam")]
    public IpamStatus? Ipam { get; init; }

    [JsonPropertyName("kube-proxy-replacement")]
    public KubeProxyReplacement? KubeProxyReplacement { get; init; }

    [JsonPropertyName("kubernetes")]
    public K8sStatus? Kubernetes { get; init; }

    [JsonPropertyName("kvstore")]
    public ComponentStatus? Kvstore { get; init; }

    [JsonPropertyName("masquerading")]
    public Masquerading? Masquerading { get; init; }

    [JsonPropertyName("nodeMonitor")]
    public MonitorStatus? NodeMonitor { get; init; }

    [JsonPropertyName("proxy")]
    public ProxyStatus? Proxy { get; init; }

    [JsonPropertyName("routing")]
    public Routing? Routing { get; init; }

    /// <summary>Probe name to the time since when it has not answered.</summary>
    [JsonPropertyName("stale")]
    public IReadOnlyDictionary<string, string>? Stale { get; init; }
}
