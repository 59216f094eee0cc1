using System.Net;
using Weft.Lab.Nodes;
using Weft.Lab.Topology;

namespace Weft.Lab.Tests;

public sealed class AgentArgumentsTests
{
    private static readonly NodeSpec s_node = new("bpf1", IPAddress.Parse("192.168.2.61"), null, IPNetwork.Parse("10.0.1.0/24"), null);

    [Fact]
    public void An_agent_is_told_what_the_topology_says_of_its_node() => Assert.Equal(
        "--node-name bpf1 --node-ip 192.168.2.61 --device ens3 --pod-cidr 10.0.1.0/24 --store sqlite:///var/lib/weft/store/store.db",
        string.Join(' ', AgentArguments.Of(s_node, "sqlite:///var/lib/weft/store/store.db", cgroup: null)));

    [Fact]
    public void The_second_family_follows_the_first()
    {
        NodeSpec node = s_node with { Address6 = IPAddress.Parse("fd00:c0a8:2::61"), PodCidr6 = IPNetwork.Parse("fd00:10:0:1::/64") };

        string arguments = string.Join(' ', AgentArguments.Of(node, "etcd://192.168.2.1:2379", cgroup: null));

        Assert.Contains("--node-ip 192.168.2.61,fd00:c0a8:2::61 ", arguments, StringComparison.Ordinal);
        Assert.Contains("--pod-cidr 10.0.1.0/24,fd00:10:0:1::/64 ", arguments, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cgroup_is_that_of_the_node() =>
        Assert.Equal(["--cgroup-root", "/sys/fs/cgroup/weft-lab/default/bpf1"], AgentArguments.Of(s_node, "etcd://192.168.2.1:2379", "/sys/fs/cgroup/weft-lab/default/bpf1").TakeLast(2));

    [Fact]
    public void Labels_come_from_the_nodes_containerd() =>
        Assert.Equal(["--cri-socket", "/run/containerd/containerd.sock"], AgentArguments.Of(s_node with { Runtime = RuntimeKind.Containerd }, "etcd://192.168.2.1:2379", null).TakeLast(2));
}
