using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Weft.Api;
using Weft.Api.Tracing;
using Weft.Cli.Tests.Support;
using Weft.Cli.Trace.Netfilter;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

public sealed class NetfilterTraceTests : IDisposable
{
    private const string Query = "GET /v1/trace/netfilter?proto=tcp&dst=10.0.0.23&dport=80";
    private const string Line = "trace netfilter --proto tcp --dst 10.0.0.23 --dport 80";

    private readonly FakeAgent _agent = new();

    public void Dispose() => _agent.Dispose();

    [Theory]
    [InlineData("", "trace-netfilter.txt")]
    [InlineData(" -v", "trace-netfilter-v.txt")]
    [InlineData(" -o json", "trace-netfilter.jsonl")]
    public async Task A_trace_prints_packets_rules_and_what_was_counted(string options, string golden)
    {
        _agent.On(Query, Frames(Sample()));

        CliResult result = await Weft(Line + options);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Golden.Matches(golden, result.Output);
    }

    [Fact]
    public async Task Every_line_of_json_is_a_frame()
    {
        _agent.On(Query, Frames(Sample()));

        CliResult result = await Weft($"{Line} -o json");

        Assert.All(result.Output.TrimEnd('\n').Split('\n'), line => Assert.Single(JsonNode.Parse(line)!.AsObject()));
    }

    [Fact]
    public async Task An_agent_that_hangs_up_without_a_summary_is_lost()
    {
        _agent.On(Query, Frames(Sample()[..^1]));

        CliResult result = await Weft(Line);

        Assert.Equal(3, result.Code);
        Assert.Contains("the agent has ended the trace", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trace netfilter", "which packets?")]
    [InlineData("trace netfilter --proto tcp --count 0", "--count cannot be '0'")]
    [InlineData("trace netfilter --proto tcp --timeout -1", "--timeout cannot be '-1'")]
    public async Task A_trace_of_nothing_is_a_usage_error(string line, string message)
    {
        CliResult result = await Weft(line);

        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_nodes_are_for_commands_that_follow_packets()
    {
        CliResult result = await Weft("status --node bpf1 --node bpf2");

        Assert.Equal((2, "weft: bpf1, bpf2: this command is about one node\n"), (result.Code, result.Error));
    }

    [Fact]
    public void What_is_said_was_counted()
    {
        NetfilterTraceSummary summary = Summary();

        Assert.Equal(
            ["6 packets of the flow passed bpf1's eBPF datapath (lxc4f2a); netfilter saw none of them.",
                "It saw 6 VXLAN packets that carried packets of the flow (3 at output, 3 at prerouting): rules for UDP and the tunnel's port apply to "
                    + "these, rules for the flow do not.",
                "The datapath hands the flow's packets from and to weft_vxlan by redirect, past netfilter's chains; only what carries them meets those."],
            NetfilterTraceConclusion.Sentences(summary));
        Assert.Equal(
            ["1 packet of the flow passed bpf1's eBPF datapath (lxc4f2a); netfilter saw none of them.",
                "The datapath forwarded them by redirect alone, past netfilter's chains: no rule of this node could act on them."],
            NetfilterTraceConclusion.Sentences(summary with { DatapathPackets = 1, TunnelPackets = Hits(0, 0), TracedPackets = 0 }));
        Assert.Equal(
            ["Netfilter on bpf1 saw 500 packets of the flow (500 at prerouting); no endpoint's flow in the eBPF datapath had any.",
                "Of 500 that netfilter saw, 200 were traced: more came than are followed in a second."],
            NetfilterTraceConclusion.Sentences(summary with
            {
                DatapathPackets = 0, NetfilterPackets = Hits(500, 0), TunnelPackets = Hits(0, 0), TracedPackets = 200,
            }));
    }

    private Task<CliResult> Weft(string line) => CliRun.Weft(new Machine { OwnSocket = _agent.SocketPath }, line);

    private static byte[] Frames(NetfilterTraceFrame[] frames) => Encoding.UTF8.GetBytes(
        string.Concat(frames.Select(frame => JsonSerializer.Serialize(frame, ApiJson.Default.NetfilterTraceFrame) + "\n")));

    private static NetfilterTraceFrame[] Sample() =>
    [
        new() { Start = new NetfilterTraceStart { Node = "bpf1", Id = "weft-trace-42-1", LegacyTables = ["ip filter (3 rules)"] } },
        new() { Step = Step("inet", "weft-trace-42-1", "prerouting", "prerouting", -350, NetfilterStep.Begin, "continue") },
        new()
        {
            Step = Step("ip", "raw", "PREROUTING", "prerouting", -300, NetfilterStep.Policy, "accept") with
            {
                Headers = new NetfilterPacket
                {
                    Summary = "192.168.2.99:40000 -> 10.0.0.23:80 tcp SYN", In = "ens3", InIndex = 2, IpId = 7, Ttl = 64, Length = 60,
                    Protocol = 6, Source = "192.168.2.99", Destination = "10.0.0.23", SourcePort = 40000, DestinationPort = 80,
                },
            },
        },
        new() { Step = Step("ip", "filter", "FORWARD", "forward", 0, NetfilterStep.Rule, "jump DOCKER-USER", 7, "counter jump DOCKER-USER") },
        new() { Step = Step("ip", "filter", "DOCKER-USER", null, null, NetfilterStep.Return, "continue") },
        new() { Step = Step("ip", "filter", "FORWARD", "forward", 0, NetfilterStep.Rule, "continue", 9, "ip ttl 64 counter") },
        new() { Step = Step("inet", "fw", "fwd", "forward", 10, NetfilterStep.Rule, "drop", 4, "tcp dport 80 reject") },
        new() { Lost = true },
        new() { Step = Step("inet", "fw", "fwd", "forward", 10, NetfilterStep.Policy, "drop") with { Packet = 2 } },
        new() { Summary = Summary() },
    ];

    private static NetfilterTraceSummary Summary() => new()
    {
        Node = "bpf1",
        DatapathPackets = 6,
        NetfilterPackets = Hits(0, 0),
        TunnelPackets = Hits(3, 3),
        TracedPackets = 6,
        EndpointDevices = ["lxc4f2a"],
        OverlayDevice = "weft_vxlan",
    };

    private static Dictionary<string, ulong> Hits(ulong prerouting, ulong output) => new() { ["prerouting"] = prerouting, ["output"] = output };

    private static NetfilterStep Step(
        string family, string table, string chain, string? hook, int? priority, string type, string verdict, ulong? handle = null, string? rule = null) => new()
    {
        Time = FixedClock.Now,
        Node = "bpf1",
        Packet = 1,
        TraceId = 0xccdc1ce7,
        Family = family,
        Table = table,
        Chain = chain,
        Hook = hook,
        Priority = priority,
        Type = type,
        Handle = handle,
        RuleText = rule,
        Verdict = verdict,
    };
}
