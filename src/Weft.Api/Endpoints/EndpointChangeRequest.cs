using System.Text.Json.Serialization;
using Weft.Api.Ipam;

namespace Weft.Api.Endpoints;

/// <summary>Body of PUT and PATCH /v1/endpoint/{id}. For PUT the agent makes the pod's devices itself.</summary>
public sealed record EndpointChangeRequest
{
    /// <summary>0 or none: the agent chooses.</summary>
    [JsonPropertyName("id")]
    public long? Id { get; init; }

    /// <summary>None: the agent allocates from the node's pod CIDR.</summary>
    [JsonPropertyName("addressing")]
    public AddressPair? Addressing { get; init; }

    /// <summary>Network that a container runtime attaches the pod to. Only CNI plugins give one; it marks the endpoint as theirs.</summary>
    [JsonPropertyName("cni-network")]
    public string? CniNetwork { get; init; }

    [JsonPropertyName("container-id")]
    public string? ContainerId { get; init; }

    /// <summary>Name of the pod's device inside its namespace; none: <c>eth0</c>.</summary>
    [JsonPropertyName("container-interface-name")]
    public string? ContainerInterfaceName { get; init; }

    [JsonPropertyName("container-name")]
    public string? ContainerName { get; init; }

    /// <summary>
    /// Have nothing in the place of an ingress qdisc on the node's side when the answer comes, which then takes milliseconds longer. Kernels
    /// before 6.6 cannot. Not part of Cilium's API.
    /// </summary>
    [JsonPropertyName("free-ingress-qdisc")]
    public bool? FreeIngressQdisc { get; init; }

    [JsonPropertyName("host-mac")]
    public string? HostMac { get; init; }

    [JsonPropertyName("interface-index")]
    public long? InterfaceIndex { get; init; }

    /// <summary>None: <c>lxc</c> and a hash of the container id and device name.</summary>
    [JsonPropertyName("interface-name")]
    public string? InterfaceName { get; init; }

    [JsonPropertyName("k8s-namespace")]
    public string? K8sNamespace { get; init; }

    [JsonPropertyName("k8s-pod-name")]
    public string? K8sPodName { get; init; }

    [JsonPropertyName("k8s-uid")]
    public string? K8sUid { get; init; }

    /// <summary><c>source:key[=value]</c>.</summary>
    [JsonPropertyName("labels")]
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Of the device inside the pod; none: chosen by the agent.</summary>
    [JsonPropertyName("mac")]
    public string? Mac { get; init; }

    /// <summary>Ports that policies may call by name, as <c>http=80/TCP,dns=53/UDP</c>. Not part of Cilium's API, which knows them from Kubernetes.</summary>
    [JsonPropertyName("named-ports")]
    public string? NamedPorts { get; init; }

    /// <summary>
    /// Path of the pod's network namespace, as seen by the agent. Not part of Cilium's API, whose CNI plugin makes the devices.
    /// </summary>
    [JsonPropertyName("netns")]
    public string? Netns { get; init; }

    [JsonPropertyName("state")]
    public string? State { get; init; }

    /// <summary>Answer when the endpoint forwards packets, not before. Weft always does.</summary>
    [JsonPropertyName("sync-build-endpoint")]
    public bool? SyncBuildEndpoint { get; init; }
}
