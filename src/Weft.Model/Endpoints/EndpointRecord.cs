using System.Net;
using System.Text.Json.Serialization;
using Weft.Model.Addressing;
using Weft.Model.Identities;
using Weft.Model.Labels;

namespace Weft.Model.Endpoints;

/// <summary>What an agent needs to know to find a pod's wiring again after a restart; one file an endpoint in the state directory.</summary>
public sealed record EndpointRecord
{
    [JsonPropertyName("id")]
    public required EndpointId Id { get; init; }

    /// <summary>Container runtime's id of the sandbox, or another unique name of who asked for the endpoint.</summary>
    [JsonPropertyName("containerId")]
    public required string ContainerId { get; init; }

    [JsonPropertyName("containerInterface")]
    public required string ContainerInterface { get; init; }

    /// <summary>Path of the pod's network namespace when it was wired; the pod may be gone when it is read.</summary>
    [JsonPropertyName("netns")]
    public required string NetnsPath { get; init; }

    /// <summary>Network that a container runtime attached the pod to; null where no CNI plugin asked for the endpoint.</summary>
    [JsonPropertyName("cniNetwork")]
    public string? CniNetwork { get; init; }

    [JsonPropertyName("k8sNamespace")]
    public string? KubernetesNamespace { get; init; }

    [JsonPropertyName("k8sPod")]
    public string? KubernetesPod { get; init; }

    /// <summary>Tells a pod from its successor of the same name.</summary>
    [JsonPropertyName("k8sUid")]
    public string? KubernetesUid { get; init; }

    /// <summary>The host side of the veth pair. The index is of this boot and this device: check it against the kernel.</summary>
    [JsonPropertyName("hostInterface")]
    public required string HostInterface { get; init; }

    [JsonPropertyName("hostIfindex")]
    public required int HostIfindex { get; init; }

    [JsonPropertyName("mac")]
    public required MacAddress Mac { get; init; }

    [JsonPropertyName("hostMac")]
    public required MacAddress HostMac { get; init; }

    [JsonPropertyName("ipv4")]
    public IPAddress? IPv4 { get; init; }

    [JsonPropertyName("ipv6")]
    public IPAddress? IPv6 { get; init; }

    [JsonPropertyName("labels")]
    public required LabelSet Labels { get; init; }

    [JsonPropertyName("identity")]
    public required Identity Identity { get; init; }

    /// <summary>Null: none has a name.</summary>
    [JsonPropertyName("ports")]
    public NamedPorts? Ports { get; init; }

    /// <summary>What policy denies the endpoint is told, and passes.</summary>
    [JsonPropertyName("policyAudit")]
    public bool IsPolicyAudited { get; init; }

    /// <summary>IPv4 first.</summary>
    [JsonIgnore]
    public IEnumerable<IPAddress> Addresses => ((IPAddress?[])[IPv4, IPv6]).OfType<IPAddress>();

    /// <summary>`namespace/pod` where known, else the container id: how messages name the endpoint.</summary>
    [JsonIgnore]
    public string DisplayName => KubernetesPod is null ? ContainerId : $"{KubernetesNamespace ?? "default"}/{KubernetesPod}";
}
