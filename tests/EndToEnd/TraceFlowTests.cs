using System.Text;
using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>The hops of every flow that the datapath has, as 'weft trace' shows them: docs/design/datapath.md tells why each is there.</summary>
[Collection(SharedLabTests.Name)]
public sealed class TraceFlowTests(SharedLab shared)
{
    private static readonly ServiceManifest s_local = new("flows-local", "10.96.8.1", "fd00:96::81", "10.0.1.180@bpf1", "fd00:10:0:1::180@bpf1") { NodePort = 30180 };
    private static readonly ServiceManifest s_remote = new("flows-remote", "10.96.8.2", "fd00:96::82", "10.0.0.23@bpf2", "fd00:10::23@bpf2") { NodePort = 30181 };

    /// <summary>Title, and arguments of 'weft trace' for IPv4; those for IPv6 have the same hops.</summary>
    private static readonly (string Title, string Arguments)[] s_flows =
    [
        ("pod to pod, other node", "cni-6vf5d cni-j22kt"),
        ("pod to pod, other node, a connection", "cni-6vf5d cni-j22kt:8080"),
        ("pod to pod, same node", "cni-j22kt web-k9x2p"),
        ("node port, local backend", "client bpf1:30180"),
        ("node port, remote backend", "client bpf1:30181"),
        ("pod to service, remote backend", "cni-j22kt flows-local:80"),
        ("pod to world", "cni-6vf5d client"),
        ("node to local pod", "bpf1 cni-6vf5d"),
        ("node to remote pod", "bpf1 cni-j22kt"),
        ("pod to its node", "cni-6vf5d bpf1"),
        ("pod to other node", "cni-6vf5d bpf2"),
    ];

    private RealLab Lab => shared.Lab;

    [KernelFact]
    public void Every_flow_takes_its_way_in_both_families()
    {
        using EchoServer east = new(Lab.Member(Pods.East), ServicePorts.Target);
        using EchoServer west = new(Lab.Member(Pods.West), ServicePorts.Target);
        Lab.Apply(s_local, s_remote);

        StringBuilder text = new();
        foreach ((string title, string arguments) in s_flows)
        {
            string four = Trace(arguments.Split(' '));
            text.AppendLine($"# {title}: weft trace {arguments}").AppendLine(four);
            Assert.Equal($"{title}\n{four}", $"{title}\n{Trace([.. arguments.Split(' '), "-6"])}");
        }

        Golden.Matches("trace-flows.txt", text.ToString());
    }

    private string Trace(string[] arguments)
    {
        // What waits for an unknown neighbour is sent by somebody else, later, and not seen by the program there.
        _ = TraceAnswer.Of(Lab, arguments);
        TraceAnswer answer = TraceAnswer.Of(Lab, arguments);
        Assert.True(answer is { Outcome: "answered", Culprit: null }, answer.Text);
        StringBuilder text = new();
        foreach (string direction in new[] { "request", "reply" })
        {
            text.AppendLine(direction);
            foreach (string hop in answer.Hops(direction))
            {
                text.AppendLine($"  {SameInBothFamilies(hop)}");
            }
        }

        return text.ToString();
    }

    private static string SameInBothFamilies(string hop) => WithoutPid(hop).Replace("icmpv6_rcv", "icmp_rcv", StringComparison.Ordinal);

    private static string WithoutPid(string hop) => hop.IndexOf('[', StringComparison.Ordinal) is > 0 and int at ? hop[..at] : hop;
}
