using System.Text.Json.Serialization;

namespace Weft.Api.Endpoints;

/// <summary>What others call the endpoint.</summary>
public sealed record EndpointIdentifiers
{
    /// <summary><c>container-id:interface</c>.</summary>
    [JsonPropertyName("cni-attachment-id")]
    public string? CniAttachmentId { get; init; }

    /// <summary>Network that a container runtime attached the pod to; none: it was not a CNI plugin that asked for the endpoint.</summary>
    [JsonPropertyName("cni-network")]
    public string? CniNetwork { get; init; }

    [JsonPropertyName("container-id")]
    public string? ContainerId { get; init; }

    [JsonPropertyName("container-name")]
    public string? ContainerName { get; init; }

    [JsonPropertyName("k8s-namespace")]
    public string? K8sNamespace { get; init; }

    [JsonPropertyName("k8s-pod-name")]
    public string? K8sPodName { get; init; }

    /// <summary>Tells a pod from its successor of the same name. Not part of Cilium's API.</summary>
    [JsonPropertyName("k8s-uid")]
    public string? K8sUid { get; init; }

    /// <summary><c>namespace/name</c>.</summary>
    [JsonPropertyName("pod-name")]
    public string? PodName { get; init; }
}
