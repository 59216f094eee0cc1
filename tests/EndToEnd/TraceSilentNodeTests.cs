using EndToEnd.Harness;
using Weft.Linux.Processes;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>'weft trace' where a node cannot tell what it sees: it says so, and blames it only if packets end there.</summary>
public sealed class TraceSilentNodeTests : IDisposable
{
    private readonly RealLab _lab = new();

    public TraceSilentNodeTests()
    {
        _lab.Up(Topologies.Pair);
        using ProcessHandle agent = _lab.Agent(Pods.WestNode);
        agent.Signal(ProcessSignal.SIGKILL);
        Assert.True(agent.WaitForExit(TimeSpan.FromSeconds(10)));
    }

    public void Dispose() => _lab.Dispose();

    [KernelFact]
    public void A_dead_agent_is_not_blamed_for_packets_that_arrive_without_it()
    {
        TraceAnswer answer = TraceAnswer.Of(_lab, Pods.East, $"{Pods.WestAddress}");

        Assert.True(answer is { Outcome: "answered", Culprit: null }, answer.Text);
        Assert.Contains("Not seen: bpf2", answer.Json.GetProperty("explanation").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Hops("request"), hop => hop.StartsWith(Pods.WestNode, StringComparison.Ordinal));
    }

    [KernelFact]
    public void A_node_that_is_down_is_named_with_what_is_known_of_it()
    {
        _lab.Exec(Pods.WestNode, "ip", "link", "set", "ens3", "down");

        TraceAnswer answer = TraceAnswer.Of(_lab, Pods.East, $"{Pods.WestAddress}");

        Assert.True(answer is { Outcome: "lost", Culprit: "node-down", Node: Pods.WestNode, Direction: "request" }, answer.Text);
    }

    [KernelFact]
    public void A_sender_whose_agent_is_dead_is_an_error_that_says_so()
    {
        ToolResult result = _lab.WeftUnchecked("trace", "10.0.0.23", Pods.East);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--live", result.Error, StringComparison.Ordinal);
    }
}
