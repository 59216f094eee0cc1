using System.Net;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Model.Labels;

namespace Weft.Control.Endpoints;

/// <summary>An endpoint that somebody asks for.</summary>
public sealed record EndpointRequest
{
    public const string DefaultInterface = "eth0";

    /// <summary>The pod's network namespace, as this process sees it.</summary>
    public required string NetnsPath { get; init; }

    /// <summary>Unique on the node together with <see cref="ContainerInterface"/>.</summary>
    public required string ContainerId { get; init; }

    public string ContainerInterface { get; init; } = DefaultInterface;

    /// <summary>Network of the container runtime; null where no CNI plugin asks.</summary>
    public string? CniNetwork { get; init; }

    /// <summary>Somebody is going to add an ingress qdisc to the node's side.</summary>
    public bool FreeIngressQdisc { get; init; }

    public string? KubernetesNamespace { get; init; }

    public string? KubernetesPod { get; init; }

    public string? KubernetesUid { get; init; }

    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Null: none has a name.</summary>
    public NamedPorts? Ports { get; init; }

    /// <summary>Null: the next free one of the node's pod CIDR.</summary>
    public IPAddress? IPv4 { get; init; }

    /// <summary>Null: the next free one, if the node has IPv6.</summary>
    public IPAddress? IPv6 { get; init; }

    /// <summary>
    /// One of the system's own, fixed, for endpoints that the agent makes for itself; null: what the labels stand for.
    /// </summary>
    internal Identity? SystemIdentity { get; init; }

    /// <summary>Name of the node's side of the pair; null: derived from the container's.</summary>
    internal string? HostInterface { get; init; }

    /// <summary>Of the pod's device; null: derived from its name.</summary>
    public MacAddress? Mac { get; init; }
}
