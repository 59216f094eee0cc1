using System.Collections.Immutable;
using System.Net;

namespace Weft.Lab.Topology;

/// <summary>What a lab consists of, checked: names are unique, addresses are inside their ranges, ranges do not overlap.</summary>
/// <param name="Underlay">The network between the nodes.</param>
/// <param name="Underlay6">The same for IPv6; null: there is none.</param>
/// <param name="Mtu">Of the underlay, in bytes; pods get 50 less.</param>
/// <param name="Outside">Hosts beyond the underlay.</param>
/// <param name="Store">What the nodes meet in.</param>
public sealed record LabTopology(
    IPNetwork Underlay, IPNetwork? Underlay6, int Mtu,
    ImmutableArray<NodeSpec> Nodes, ImmutableArray<PodSpec> Pods, ImmutableArray<OutsideSpec> Outside,
    LabStoreKind Store = LabStoreKind.Sqlite)
{
    public const int DefaultMtu = 1500;

    /// <summary>
    /// Two nodes, two pods with equal labels and one with others, so that a request and its reply show two identities; and a host
    /// outside. Everything has addresses of both families.
    /// </summary>
    public const string DefaultText =
        """
        underlay: 192.168.2.0/24
        underlay6: fd00:c0a8:2::/64
        nodes:
          - name: bpf1
            address: 192.168.2.61
            address6: fd00:c0a8:2::61
            podCIDR: 10.0.1.0/24
            podCIDR6: fd00:10:0:1::/64
          - name: bpf2
            address: 192.168.2.62
            address6: fd00:c0a8:2::62
            podCIDR: 10.0.0.0/24
            podCIDR6: fd00:10:0:0::/64
        pods:
          - name: cni-6vf5d
            node: bpf1
            address: 10.0.1.180
            address6: fd00:10:0:1::180
            labels: { app: cni }
          - name: cni-j22kt
            node: bpf2
            address: 10.0.0.23
            address6: fd00:10:0:0::23
            labels: { app: cni }
          - name: web-k9x2p
            node: bpf2
            address: 10.0.0.45
            address6: fd00:10:0:0::45
            labels: { app: web }
        outside:
          - name: client
            address: 203.0.113.10/24
            address6: 2001:db8:113::10/64

        """;

    /// <summary>Of the router, in the underlay: the first that no node has.</summary>
    public IPAddress Router => NetworkRange.FirstFree(Underlay, [.. Nodes.Select(node => node.Address)])!;

    /// <inheritdoc cref="Router"/>
    public IPAddress? Router6 =>
        Underlay6 is { } underlay ? NetworkRange.FirstFree(underlay, [.. Nodes.Select(node => node.Address6).OfType<IPAddress>()]) : null;

    /// <summary>Names of nodes, pods and outside hosts.</summary>
    public IEnumerable<string> MemberNames =>
        [.. Nodes.Select(node => node.Name), .. Pods.Select(pod => pod.Name), .. Outside.Select(host => host.Name)];

    public NodeSpec NodeOf(PodSpec pod) => Nodes.First(node => node.Name == pod.Node);

    public PodSpec? FindPod(string name) => Pods.FirstOrDefault(pod => pod.Name == name);

    public NodeSpec? FindNode(string name) => Nodes.FirstOrDefault(node => node.Name == name);

    public OutsideSpec? FindOutside(string name) => Outside.FirstOrDefault(host => host.Name == name);
}
