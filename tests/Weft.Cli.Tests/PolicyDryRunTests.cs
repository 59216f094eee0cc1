using System.Text.Json.Nodes;
using Weft.Api;
using Weft.Api.Policies;
using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

/// <summary><c>policy dry-run</c> asks every node that is meant, and tells each change once.</summary>
public sealed class PolicyDryRunTests : IDisposable
{
    private static readonly RulePlace s_rule = new() { Kind = "CiliumNetworkPolicy", Namespace = "shop", Name = "db", Path = "spec.egressDeny[0]", Line = 9 };

    private static readonly PolicyVerdictChange s_connection = new()
    {
        Source = new PolicyFlowEnd { Name = "shop/front", Identity = 12057, Address = "10.0.1.20", Node = "bpf1" },
        Destination = new PolicyFlowEnd { Name = "shop/db", Identity = 37483, Address = "10.0.0.23", Node = "bpf2" },
        Protocol = "TCP",
        Port = 5432,
        WasAllowed = true,
        Rule = s_rule,
        Connections = 3,
        Nodes = ["bpf1"],
    };

    private static readonly PolicyVerdictChange s_pair = new()
    {
        Source = new PolicyFlowEnd { Name = "world", Identity = 2 },
        Destination = new PolicyFlowEnd { Name = "shop/app=db", Identity = 37483 },
        Protocol = "ICMP",
        Port = 1,
        IsForOtherPorts = true,
        WasAllowed = true,
    };

    private static readonly PolicyVerdictChange[] s_all =
    [
        .. ((string[])["TCP", "UDP", "SCTP", "ICMP", "ICMPv6"]).Select(protocol =>
            s_pair with { Protocol = protocol, Source = new PolicyFlowEnd { Name = "shop/app=front", Identity = 12057 } }),
        s_pair with { Protocol = "TCP", Port = 80, IsForOtherPorts = false, Source = new PolicyFlowEnd { Name = "shop/app=front", Identity = 12057 } },
    ];

    private readonly FakeAgent _bpf1 = new();
    private readonly FakeAgent _bpf2 = new();
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        _bpf1.Dispose();
        _bpf2.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public async Task A_connection_that_two_nodes_track_is_told_once()
    {
        Answer(_bpf1, new PolicyDryRunReport { Pairs = [.. s_all, s_pair, s_pair with { WasAllowed = false, IsForOtherPorts = false, Port = 3 }], PairCount = 12, Connections = [s_connection], ConnectionCount = 7 });
        Answer(_bpf2, new PolicyDryRunReport { Connections = [s_connection with { Nodes = ["bpf2"] }], ConnectionCount = 4 });

        CliResult result = await CliRun.Weft($"--socket {_bpf1.SocketPath} --socket {_bpf2.SocketPath} policy dry-run -f {_file} --limit 2");

        Assert.Equal((0, ""), (result.Code, result.Error));
        Golden.Matches("policy-dry-run.txt", result.Output);
    }

    [Fact]
    public async Task Where_nothing_changes_it_says_so()
    {
        Answer(_bpf1, new PolicyDryRunReport { ConnectionCount = 7 });

        Assert.Equal(
            new CliResult(0, "Connections that are tracked now: none changes (7 looked at)\nFlows between workloads: none changes\n", ""),
            await CliRun.Weft(Bpf1.MachineOf(_bpf1), $"policy dry-run -f {_file} --limit 2"));
    }

    [Fact]
    public async Task Json_has_the_changes()
    {
        Answer(_bpf1, new PolicyDryRunReport { Pairs = [s_pair], PairCount = 1, Connections = [s_connection], ConnectionCount = 7 });

        JsonNode report = JsonNode.Parse((await CliRun.Weft(Bpf1.MachineOf(_bpf1), $"policy dry-run -f {_file} --limit 2 -o json")).Output)!;

        Assert.Equal((3, "shop/app=db"), ((int)report["connections"]![0]!["connections"]!, (string)report["pairs"]![0]!["destination"]!["name"]!));
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_told_and_the_others_are_asked()
    {
        Answer(_bpf1, new PolicyDryRunReport());

        CliResult result = await CliRun.Weft($"--socket {_bpf1.SocketPath} --socket /nonexistent/weft.sock policy dry-run -f {_file} --limit 2");

        Assert.Equal(0, result.Code);
        Assert.StartsWith("weft: connections of node /nonexistent/weft.sock are not known: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_is_a_number_from_1()
    {
        CliResult result = await CliRun.Weft($"policy dry-run -f {_file} --limit 0");

        Assert.Equal((2, "weft: --limit cannot be '0': it is a number from 1 (see 'weft policy dry-run --help')\n"), (result.Code, result.Error));
    }

    private void Answer(FakeAgent agent, PolicyDryRunReport report)
    {
        foreach (int limit in (int[])[2, 40])
        {
            agent.On($"POST /v1/policy/dry-run?source={Uri.EscapeDataString(_file)}&limit={limit}", Bpf1.Json(report, ApiJson.Default.PolicyDryRunReport));
        }
    }
}
