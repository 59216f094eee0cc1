using System.Net;
using Weft.Model.Labels;

namespace Weft.Lab.Topology;

/// <summary>A pod as the topology states it.</summary>
/// <param name="Address">Null: the agent chooses.</param>
/// <param name="Namespace">The Kubernetes namespace that it claims to be in; pod names are unique in a lab nevertheless.</param>
/// <param name="Labels">As the agent gets them, the label of the namespace included.</param>
public sealed record PodSpec(string Name, string Node, IPAddress? Address, string Namespace, LabelSet Labels)
{
    public const string NamespaceLabel = "io.kubernetes.pod.namespace";
}
