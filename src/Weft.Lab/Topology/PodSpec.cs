using System.Net;
using Weft.Model.Endpoints;
using Weft.Model.Labels;

namespace Weft.Lab.Topology;

/// <summary>A pod as the topology states it.</summary>
/// <param name="Address">Null: the agent chooses.</param>
/// <param name="Address6">Null: the agent chooses one if the node has a pod CIDR for IPv6.</param>
/// <param name="Namespace">The Kubernetes namespace that it claims to be in; pod names are unique in a lab nevertheless.</param>
/// <param name="Labels">As the agent gets them, the label of the namespace included.</param>
/// <param name="Ports">That policies may call by name.</param>
public sealed record PodSpec(
    string Name, string Node, IPAddress? Address, IPAddress? Address6, string Namespace, LabelSet Labels, NamedPorts? Ports = null)
{
    public const string NamespaceLabel = "io.kubernetes.pod.namespace";
}
