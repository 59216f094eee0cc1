using EndToEnd.Harness;
using Weft.Lab.Topology;
using Weft.Linux.Processes;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>What a node says of itself and of the cluster.</summary>
[Collection(SharedLabTests.Name)]
public sealed class StatusTests(SharedLab shared)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    [KernelTheory]
    [InlineData(Pods.EastNode, "61", "1")]
    [InlineData(Pods.WestNode, "62", "0")]
    public void Status_says_what_the_datapath_does(string node, string host, string net)
    {
        string health = Reachable(shared.Lab, node);

        string[] status = shared.Lab.Weft("--node", node, "status").Split('\n');

        string network6 = net == "0" ? "fd00:10::/64" : $"fd00:10:0:{net}::/64";
        Assert.Contains($"KubeProxyReplacement:    True   [ens3 192.168.2.{host} fd00:c0a8:2::{host} (Direct Routing)]", status);
        Assert.Contains($"Masquerading:            BPF   [ens3]   10.0.{net}.0/24 {network6} [IPv4: Enabled, IPv6: Enabled]", status);
        Assert.Contains("Routing:                 Network: Tunnel [vxlan]   Host: BPF", status);
        Assert.Contains(status, line => line.StartsWith("Cluster health:          2/2 reachable", StringComparison.Ordinal));
        Assert.DoesNotContain("unreachable", health, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Every_probe_is_answered()
    {
        Reachable(shared.Lab, Pods.EastNode);

        string[] probes = [.. shared.Lab.Weft("--node", Pods.EastNode, "health", "status", "--verbose").Split('\n')
            .Select(line => line.Trim()).Where(line => line.StartsWith("ICMP", StringComparison.Ordinal) || line.StartsWith("HTTP", StringComparison.Ordinal))];

        // Two nodes, each with its host and its endpoint, of two families, by ICMP and HTTP.
        Assert.Equal(16, probes.Length);
        Assert.All(probes, probe => Assert.Contains("OK, RTT=", probe, StringComparison.Ordinal));
    }

    [KernelFact]
    public void A_node_that_is_down_is_unreachable_and_the_others_are_not()
    {
        using RealLab lab = new();
        lab.Up(LabTopology.DefaultText);
        Reachable(lab, Pods.EastNode);
        using (ProcessHandle agent = lab.Agent(Pods.WestNode))
        {
            agent.Signal(ProcessSignal.SIGKILL);
            Assert.True(agent.WaitForExit(s_deadline));
        }

        Tool.Run("ip", "-n", lab.Member(Pods.WestNode).Netns, "link", "set", "ens3", "down");

        ToolResult result = lab.WeftUnchecked("--node", Pods.EastNode, "health", "status", "--probe");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("1/2 reachable", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"bpf1 \(localhost\) +192\.168\.2\.61 +reachable +reachable", result.Output);
        Assert.Matches(@"bpf2 +192\.168\.2\.62 +unreachable +unreachable", result.Output);
    }

    private static string Reachable(RealLab lab, string node) => Eventually.Passes(() =>
    {
        string health = lab.WeftUnchecked("--node", node, "health", "status").Output;
        Assert.Contains("2/2 reachable", health, StringComparison.Ordinal);
        return health;
    });
}
