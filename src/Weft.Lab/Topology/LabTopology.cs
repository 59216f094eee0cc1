using System.Collections.Immutable;
using System.Net;

namespace Weft.Lab.Topology;

/// <summary>What a lab consists of, checked: names are unique, addresses are inside their ranges, ranges do not overlap.</summary>
/// <param name="Underlay">The network between the nodes.</param>
/// <param name="Mtu">Of the underlay, in bytes; pods get 50 less.</param>
public sealed record LabTopology(IPNetwork Underlay, int Mtu, ImmutableArray<NodeSpec> Nodes, ImmutableArray<PodSpec> Pods)
{
    public const int DefaultMtu = 1500;

    /// <summary>Two nodes, two pods with equal labels and one with others, so that a request and its reply show two identities.</summary>
    public const string DefaultText =
        """
        underlay: 192.168.2.0/24
        nodes:
          - name: bpf1
            address: 192.168.2.61
            podCIDR: 10.0.1.0/24
          - name: bpf2
            address: 192.168.2.62
            podCIDR: 10.0.0.0/24
        pods:
          - name: cni-6vf5d
            node: bpf1
            address: 10.0.1.180
            labels: { app: cni }
          - name: cni-j22kt
            node: bpf2
            address: 10.0.0.23
            labels: { app: cni }
          - name: web-k9x2p
            node: bpf2
            address: 10.0.0.45
            labels: { app: web }

        """;

    public NodeSpec NodeOf(PodSpec pod) => Nodes.First(node => node.Name == pod.Node);

    public PodSpec? FindPod(string name) => Pods.FirstOrDefault(pod => pod.Name == name);

    public NodeSpec? FindNode(string name) => Nodes.FirstOrDefault(node => node.Name == name);
}
