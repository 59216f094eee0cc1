using System.Globalization;
using EndToEnd.Harness;
using Weft.Lab.Topology;
using Weft.Linux.Processes;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>The datapath outlives the agent: no packet is lost while one stops, dies, starts or is absent.</summary>
public sealed class AgentRestartTests : IDisposable
{
    private const int Port = 8080;

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private readonly RealLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [KernelTheory]
    [Trait("kernels", "scenario")]
    [InlineData(ProcessSignal.SIGTERM)]
    [InlineData(ProcessSignal.SIGKILL)]
    public async Task No_packet_is_lost_while_both_agents_restart(ProcessSignal signal)
    {
        _lab.Up(Topologies.Pair);
        using DatagramStream there = new(_lab.Member(Pods.East), _lab.Member(Pods.West), Pods.WestAddress);
        using DatagramStream back = new(_lab.Member(Pods.West), _lab.Member(Pods.East), Pods.EastAddress);
        await there.FlowsAsync(100);

        End(Pods.EastNode, signal);
        End(Pods.WestNode, signal);
        await there.FlowsAsync(200);
        await back.FlowsAsync(200);
        string report = _lab.Up();
        await there.FlowsAsync(200);
        await back.FlowsAsync(200);

        Assert.Contains("started the agent of bpf1", report, StringComparison.Ordinal);
        Assert.Contains("started the agent of bpf2", report, StringComparison.Ordinal);
        Assert.Empty(await there.MissingAsync());
        Assert.Empty(await back.MissingAsync());
    }

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelFact]
    public void A_restarted_agent_knows_its_endpoints_again()
    {
        _lab.Up(Topologies.Pair);
        string before = Endpoints();

        End(Pods.EastNode, ProcessSignal.SIGKILL);
        _lab.Up();

        Assert.Equal(before, Endpoints());
        Assert.Contains("nothing to do", _lab.Up(), StringComparison.Ordinal);
    }

    [KernelFact]
    public void An_agent_that_restarts_after_a_new_pod_came_elsewhere_learns_of_it()
    {
        _lab.Up(Topologies.WithoutWest);
        End(Pods.EastNode, ProcessSignal.SIGKILL);

        _lab.Up(Topologies.Pair);

        _lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}");
    }

    [KernelFact]
    public void Pings_go_on_while_an_agent_is_killed_and_started()
    {
        _lab.Up(Topologies.Pair);
        using System.Diagnostics.Process ping = WeftProgram.Start(
            WeftProgram.Path, "--lab", _lab.Name, "lab", "exec", Pods.East, "--", "ping", "-i", "0.01", $"{Pods.WestAddress}");
        ReadLines(ping, 20);

        End(Pods.EastNode, ProcessSignal.SIGKILL);
        ReadLines(ping, 20);
        _lab.Up();
        ReadLines(ping, 20);
        Tool.Run("kill", "-INT", $"{ping.Id}");

        Assert.Contains(" 0% packet loss", ping.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
    }

    /// <summary>Through the masquerade, through node ports of both nodes, and through services at the socket and by packet.</summary>
    [KernelFact]
    public void Connections_and_services_go_on_without_agents()
    {
        _lab.Up(LabTopology.DefaultText);
        using EchoServer outside = new(_lab.Member(Pods.Outside), Port);
        using EchoServer east = new(_lab.Member(Pods.East), ServicePorts.Target);
        _lab.Apply(ServiceLab.Single);
        using Caller pod = Caller.Start(_lab.Member(Pods.West));
        using Caller packets = Caller.StartOutsideCgroup(_lab.Member(Pods.West));
        using Caller client = Caller.Start(_lab.Member(Pods.Outside));
        (Caller Caller, string Address, int Port)[] ways =
        [
            .. _lab.Addresses(Pods.Outside).Select(address => (pod, address, Port)),
            .. ServiceLab.Single.Addresses.SelectMany(address => new[] { (pod, address, 80), (packets, address, 80) }),
            .. _lab.Addresses(Pods.EastNode).Concat(_lab.Addresses(Pods.WestNode)).Select(address => (client, address, ServiceLab.Single.NodePort)),
        ];
        foreach ((Caller caller, string address, int port) in ways)
        {
            caller.Do($"open {address} tcp {address} {port.ToString(CultureInfo.InvariantCulture)}");
        }

        End(Pods.EastNode, ProcessSignal.SIGKILL);
        End(Pods.WestNode, ProcessSignal.SIGKILL);
        Assert.All(ways, way => way.Caller.Do($"say {way.Address} 1000"));
        Assert.All(ways, way => way.Caller.Call("tcp", way.Address, way.Port));
        Assert.All(ways, way => way.Caller.Call("udp", way.Address, way.Port));
        _lab.Up();

        Assert.All(ways, way => way.Caller.Do($"say {way.Address} 1000"));
        Assert.All(ways, way => way.Caller.Call("tcp", way.Address, way.Port));
    }

    private static void ReadLines(System.Diagnostics.Process process, int count)
    {
        for (int line = 0; line < count; line++)
        {
            Assert.NotNull(process.StandardOutput.ReadLine());
        }
    }

    /// <summary>Those of pods: the health endpoint ends with the agent, and is another one each time.</summary>
    private string Endpoints() => string.Join(
        '\n', _lab.Weft("--node", Pods.EastNode, "bpf", "endpoint", "list").Split('\n').Where(line => !line.Contains("sec_id=4 ", StringComparison.Ordinal)));

    private void End(string node, ProcessSignal signal)
    {
        using ProcessHandle agent = _lab.Agent(node);
        agent.Signal(signal);
        Assert.True(agent.WaitForExit(s_deadline), $"the agent of {node} still runs after {signal}");
    }
}
