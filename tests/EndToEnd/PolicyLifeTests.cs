using System.Net.Sockets;
using EndToEnd.Harness;
using Weft.Lab.Topology;
using Weft.Linux.Processes;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>Policies as people use them: applied, explained, mended, and kept while agents come and go.</summary>
public sealed class PolicyLifeTests : IDisposable
{
    private const string Closed = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: closed }
        spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
        """;

    private const string OnlyCni = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: only-cni }
        spec:
          podSelector: { matchLabels: { app: cni } }
          ingress:
          - from: [{ podSelector: { matchLabels: { app: cni } } }]
            ports: [{ port: 80, protocol: UDP }]
        """;

    private readonly RealLab _lab = new();
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        _lab.Dispose();
        File.Delete(_file);
    }

    [KernelTheory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public async Task The_document_that_why_suggests_lets_that_flow_through_and_no_other(AddressFamily family)
    {
        _lab.Up(LabTopology.DefaultText);
        Apply(Closed);
        using Reachability pods = new(_lab, [Pods.East, Pods.West, Pods.Web]);
        Reachability.Call[] calls = [.. pods.Calls(family)];
        // Both pods have the same labels: to policy they are one.
        Reachability.Call[] wanted = [new(Pods.Web, Pods.East, family, ProtocolType.Udp, 81), new(Pods.Web, Pods.West, family, ProtocolType.Udp, 81)];
        await AssertReachedAsync(pods, calls, []);

        string suggested = _lab.Weft("--node", Pods.WestNode, "policy", "why", Pods.Web, $"{Pods.East}:81/udp", "--suggest");
        Apply(suggested);

        await AssertReachedAsync(pods, calls, wanted);
        Assert.Contains("allowed", _lab.Weft("--node", Pods.EastNode, "policy", "why", Pods.Web, $"{Pods.East}:81/udp"), StringComparison.Ordinal);
    }

    [KernelFact]
    public void The_trace_of_a_denied_packet_names_the_policy_and_what_comes_nearest()
    {
        _lab.Up(LabTopology.DefaultText);
        Apply(OnlyCni);
        TraceAnswer answer = Eventually.Passes(() =>
        {
            TraceAnswer traced = TraceAnswer.Of(_lab, Pods.Web, $"{Pods.West}:80", "--protocol", "udp");
            Assert.Equal(("policy", Pods.WestNode, "request"), (traced.Culprit, traced.Node, traced.Direction));
            return traced;
        });

        string explanation = answer.Json.GetProperty("explanation").GetString()!;
        Assert.Contains("NetworkPolicy default/only-cni, spec.ingress[0] (line 7)", explanation, StringComparison.Ordinal);
        Assert.Contains("label app is web", explanation, StringComparison.Ordinal);
    }

    [KernelTheory]
    [InlineData(ProcessSignal.SIGTERM)]
    [InlineData(ProcessSignal.SIGKILL)]
    public async Task What_is_enforced_stays_so_while_agents_are_away_and_come_back(ProcessSignal signal)
    {
        _lab.Up(LabTopology.DefaultText);
        Apply(OnlyCni);
        using Reachability pods = new(_lab, [Pods.East, Pods.West, Pods.Web]);
        Reachability.Call[] calls = [.. pods.Calls(AddressFamily.InterNetwork)];
        Reachability.Call[] allowed = [.. calls.Where(call => call.Destination == Pods.Web
            || (call.Source != Pods.Web && call is { Protocol: ProtocolType.Udp, Port: 80 }))];
        await AssertReachedAsync(pods, calls, allowed);
        using CallStream passing = new(pods, new(Pods.East, Pods.West, AddressFamily.InterNetwork, ProtocolType.Udp, 80));
        using CallStream stopped = new(pods, new(Pods.Web, Pods.West, AddressFamily.InterNetwork, ProtocolType.Udp, 80));

        foreach (string node in (string[])[Pods.EastNode, Pods.WestNode])
        {
            ProcessHandle agent = _lab.Agent(node);
            agent.Signal(signal);
            Assert.True(agent.WaitForExit(Eventually.DefaultDeadline), $"the agent of {node} does not end");
        }

        await AssertReachedAsync(pods, calls, allowed);
        _lab.Up();
        await AssertReachedAsync(pods, calls, allowed);
        await passing.StopAsync();
        await stopped.StopAsync();
        Assert.Equal(passing.Sent, await passing.ArrivedAsync(waits: true));
        Assert.Equal(0, await stopped.ArrivedAsync(waits: false));
    }

    [KernelFact]
    public void A_mistake_in_one_document_changes_nothing_and_every_mistake_is_told_with_its_line()
    {
        _lab.Up(LabTopology.DefaultText);
        File.WriteAllText(_file, $"{Closed}\n---\n{OnlyCni.Replace("ports:", "port:", StringComparison.Ordinal).Replace("podSelector: { matchLabels", "podSelectors: { matchLabels", StringComparison.Ordinal)}\n");

        ToolResult refused = _lab.WeftUnchecked("--node", Pods.EastNode, "policy", "apply", "-f", _file);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"{_file}:10:", refused.Error, StringComparison.Ordinal);
        Assert.Contains("podSelectors", refused.Error, StringComparison.Ordinal);
        Assert.Contains("port", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("closed", _lab.Weft("--node", Pods.EastNode, "policy", "get", "-o", "json"), StringComparison.Ordinal);
    }

    private void Apply(string text)
    {
        File.WriteAllText(_file, text);
        _lab.Weft("--node", Pods.EastNode, "policy", "apply", "-f", _file);
    }

    private static async Task AssertReachedAsync(Reachability pods, Reachability.Call[] calls, Reachability.Call[] expected)
    {
        HashSet<Reachability.Call> arrived = [];
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        do
        {
            arrived = await pods.TryAsync(calls, expected);
        }
        while (!arrived.SetEquals(expected) && System.Diagnostics.Stopwatch.GetElapsedTime(began) < Eventually.DefaultDeadline);

        Assert.Equal(expected.Select(call => $"{call}").Order(StringComparer.Ordinal), arrived.Select(call => $"{call}").Order(StringComparer.Ordinal));
    }
}
