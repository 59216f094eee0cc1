using System.Net.Sockets;
using EndToEnd.Harness;
using Weft.Api;
using Weft.Lab.Topology;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>An endpoint's table changes a thousand times under a stream that every version allows, and one that every version denies.</summary>
public sealed class PolicySwapTests : IDisposable
{
    private const int Swaps = 1000;

    private readonly RealLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [KernelTheory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public async Task No_packet_is_judged_by_half_a_policy(AddressFamily family)
    {
        _lab.Up(LabTopology.DefaultText);
        using Reachability pods = new(_lab, [Pods.East, Pods.West, Pods.Web]);
        using AgentClient agent = new(_lab.Paths.Socket(Pods.WestNode));
        await ApplyAsync(agent, 0);
        using CallStream passing = new(pods, new(Pods.East, Pods.West, family, ProtocolType.Udp, 80));
        using CallStream stopped = new(pods, new(Pods.Web, Pods.West, family, ProtocolType.Udp, 80));

        for (int version = 1; version <= Swaps / 2; version++)
        {
            await ApplyAsync(agent, version);
        }

        await passing.StopAsync();
        await stopped.StopAsync();
        int arrived = await passing.ArrivedAsync(waits: true);
        Assert.True(arrived == passing.Sent && arrived > Swaps / 2, $"{arrived} of {passing.Sent} allowed packets arrived");
        Assert.Equal(0, await stopped.ArrivedAsync(waits: false));
        Assert.True(stopped.Sent > Swaps / 2, $"{stopped.Sent} packets were tried");
    }

    /// <summary>Returns when the node's datapath has it.</summary>
    private static async Task ApplyAsync(AgentClient agent, int version)
    {
        long before = (await agent.GetPoliciesAsync()).Revision;
        await agent.PutPoliciesAsync(Version(version), "test");
        while ((await agent.GetPoliciesAsync()).Revision == before)
        {
            // The agent hears of it from the store.
        }
    }

    /// <summary>What comes with it is for nobody, for everybody (another table as a whole), or for one peer (an element of the table).</summary>
    private static string Version(int number) => $$"""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: swapped }
        spec:
          podSelector: { matchLabels: { app: cni } }
          ingress:
          - from: [{ podSelector: { matchLabels: { app: cni } } }]
            ports: [{ port: 80, protocol: UDP }{{(number % 4 == 1 ? ", { port: 1000, endPort: 2000 }" : "")}}]
          {{(number % 2 == 0 ? $"- {{ ports: [{{ port: {1 + number}, protocol: TCP }}] }}" : "")}}
        """;
}
