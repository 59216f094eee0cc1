using Weft.Lab.Runtimes;
using Weft.Lab.Topology;

namespace Weft.Lab.Nodes;

/// <summary>What the agent of a node is told, as an operator would write it.</summary>
internal static class AgentArguments
{
    /// <param name="store">Where it is, as seen from the node.</param>
    /// <param name="cgroup">Null: the node has none, and its sockets are left alone.</param>
    public static IReadOnlyList<string> Of(NodeSpec node, string store, string? cgroup)
    {
        List<string> arguments =
        [
            "--node-name", node.Name,
            "--node-ip", BothFamilies(node.Address, node.Address6),
            "--device", UnderlayNetwork.NodeDevice,
            "--pod-cidr", BothFamilies(node.PodCidr, node.PodCidr6),
            "--store", store,
        ];
        string[] cgroupRoot = cgroup is null ? [] : ["--cgroup-root", cgroup];
        string[] criSocket = node.Runtime == RuntimeKind.Containerd ? ["--cri-socket", NodeRuntime.ContainerdSocket] : [];
        return [.. arguments, .. cgroupRoot, .. criSocket];
    }

    private static string BothFamilies(object ipv4, object? ipv6) => ipv6 is null ? $"{ipv4}" : $"{ipv4},{ipv6}";
}
