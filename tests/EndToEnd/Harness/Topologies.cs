using System.Globalization;

namespace EndToEnd.Harness;

/// <summary>Topologies that tests need beside the default one.</summary>
internal static class Topologies
{
    private const string Nodes =
        """
        underlay: 192.168.2.0/24
        nodes:
          - { name: bpf1, address: 192.168.2.61, podCIDR: 10.0.1.0/24 }
          - { name: bpf2, address: 192.168.2.62, podCIDR: 10.0.0.0/24 }
        pods:
          - { name: cni-6vf5d, node: bpf1, address: 10.0.1.180, labels: { app: cni } }

        """;

    private const string West = "  - { name: cni-j22kt, node: bpf2, address: 10.0.0.23, labels: { app: cni } }\n";

    public const string Pair = Nodes + West;

    public const string WithoutWest = Nodes;

    /// <summary>As <see cref="Pair"/>, and a pod whose labels no pod had before.</summary>
    public const string WithNewLabels = Pair + "  - { name: new, node: bpf1, labels: { app: new } }\n";

    /// <summary>As <see cref="Pair"/>, where the address of the west pod belongs to one with other labels.</summary>
    public const string OtherWest = Nodes + "  - { name: web-k9x2p, node: bpf2, address: 10.0.0.23, labels: { app: web } }\n";

    /// <summary>Eight addresses, of which six can be given; the agent takes one for the gateway.</summary>
    public const string SmallRange =
        """
        underlay: 192.168.2.0/24
        nodes:
          - { name: bpf1, address: 192.168.2.61, podCIDR: 10.0.1.0/29 }
        pods:
          - { name: p1, node: bpf1 }
          - { name: p2, node: bpf1 }
          - { name: p3, node: bpf1 }
          - { name: p4, node: bpf1 }
          - { name: p5, node: bpf1 }
          - { name: p6, node: bpf1 }
        """;

    private const string Etcd = "store: etcd\n";
    private const string Newcomers = WithNewLabels + "  - { name: same, node: bpf1, labels: { app: cni } }\n";

    /// <summary>As <see cref="Pair"/>, on etcd.</summary>
    public const string EtcdPair = Pair + Etcd;

    /// <summary>As <see cref="EtcdPair"/>, and in the east a pod whose labels no pod had before and one whose labels are the others'.</summary>
    public const string EtcdNewcomers = Newcomers + Etcd;

    /// <summary>As <see cref="EtcdNewcomers"/>, and one more in the east with labels of its own.</summary>
    public const string EtcdLatecomer = Newcomers + "  - { name: late, node: bpf1, labels: { app: late } }\n" + Etcd;

    /// <summary>Nodes n1, n2 … on etcd, with a pod each.</summary>
    public static string EtcdNodes(int nodes) =>
        "underlay: 192.168.2.0/24\nnodes:\n"
        + string.Concat(Enumerable.Range(1, nodes).Select(n => string.Create(
            CultureInfo.InvariantCulture, $"  - {{ name: n{n}, address: 192.168.2.{60 + n}, podCIDR: 10.0.{n}.0/24 }}\n")))
        + "pods:\n"
        + string.Concat(Enumerable.Range(1, nodes).Select(n => string.Create(
            CultureInfo.InvariantCulture, $"  - {{ name: p{n}, node: n{n}, labels: {{ app: a{n % 2} }} }}\n")))
        + Etcd;

    /// <summary>One pod in the east and many in the west.</summary>
    public static string Crowd(int pods) =>
        Nodes + string.Concat(Enumerable.Range(1, pods).Select(number =>
            string.Create(CultureInfo.InvariantCulture, $"  - {{ name: {CrowdPod(number)}, node: bpf2, labels: {{ app: crowd, shard: s{number % 10} }} }}\n")));

    public static string CrowdPod(int number) => string.Create(CultureInfo.InvariantCulture, $"crowd-{number:000}");
}
