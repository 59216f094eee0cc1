using System.Text.Json.Nodes;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

/// <summary><c>bpf policy get</c> reads the tables of endpoints from the kernel, and asks the agent what the numbers mean.</summary>
public sealed class PolicyMapTests : IDisposable
{
    private const ushort Judged = 3663;
    private const ushort Free = 1429;

    private readonly PinnedMaps _maps = new();
    private readonly FakeAgent _agent = Bpf1.StartAgent().On("GET /v1/policy", """
        {"revision":1,"policies":[{"kind":"NetworkPolicy","namespace":"shop","name":"web","endpoints":[],"text":"","sections":[{"path":"spec","subjects":"",
          "default-deny":[],"rules":[{"number":7,"path":"spec.ingress[0]","line":9,"direction":"ingress","action":"allow"}]}]}]}
        """);

    public PolicyMapTests()
    {
        Endpoint(Judged, "10.0.1.180");
        Endpoint(Free, "10.0.1.20");
        using BpfMap table = PinnedMaps.NewPolicyTable();
        BpfMap<PolicyKey, uint> peers = table.As<PolicyKey, uint>();
        peers.Update(new PolicyKey { Direction = MetricDirection.Ingress }, 1);
        peers.Update(new PolicyKey { Direction = MetricDirection.Ingress, Identity = 37483 }, 2);
        peers.Update(new PolicyKey { Direction = MetricDirection.Ingress, Identity = 1 }, 3);
        _maps.Policies.As<uint, int>().Update(Judged, table.Fd.Number);
        Rule(1, PolicyBits.AnyPort + 16, 1, 8, rule: 99, narrow: 24);
        Rule(2, PolicyBits.AnyPort + 16, 6, 80, rule: 7, narrow: 24);
        Rule(2, PolicyBits.AnyPort + 6, 17, 1024, rule: 7, narrow: 14);
        Rule(2, PolicyBits.AnyPort, 132, 0, rule: 8, narrow: 8, deny: 1);
        Rule(3, PolicyBits.AnyProtocol, 0, 0, rule: 0, narrow: 0);
    }

    public void Dispose()
    {
        _agent.Dispose();
        _maps.Dispose();
    }

    [Theory]
    [InlineData("bpf policy get 3663", "bpf-policy-get.txt")]
    [InlineData("bpf policy get --all", "bpf-policy-get-all.txt")]
    [InlineData("bpf policy get --all -o json", "bpf-policy-get.json")]
    public async Task Tables_are_as_recorded(string line, string golden)
    {
        CliResult result = await CliRun.Weft(Machine(_agent.SocketPath), line);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Golden.Matches(golden, result.Output);
    }

    [Fact]
    public async Task Without_an_agent_the_numbers_are_there()
    {
        CliResult result = await CliRun.Weft(Machine("/nonexistent/weft.sock"), "bpf policy get 3663 -o json");

        Assert.StartsWith("weft: names of rules and identities are not known: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(7u, JsonNode.Parse(result.Output)![0]!["entries"]!.AsArray().Select(entry => (uint)entry!["rule"]!));
    }

    [Theory]
    [InlineData("bpf policy get 9", 1, "weft: show the policy of endpoint 9: the datapath has no such endpoint (see 'weft bpf endpoint list')\n")]
    [InlineData("bpf policy get", 2, "weft: show which table? (give the number of an endpoint, or --all)\n")]
    [InlineData("bpf policy get 9 --all", 2, "weft: show which table? (give the number of an endpoint, or --all)\n")]
    public async Task What_cannot_be_shown_is_told(string line, int code, string error) =>
        Assert.Equal(new CliResult(code, "", error), await CliRun.Weft(Machine(_agent.SocketPath), line));

    private Machine Machine(string socket) => new() { OwnSocket = socket, OwnBpfRoot = _maps.Root };

    private void Endpoint(ushort id, string address) => _maps.Endpoints.Update(WeftAddress.Parse(address), new EndpointValue { Id = id });

    private void Rule(uint set, PolicyBits bits, byte protocol, ushort port, uint rule, byte narrow, byte deny = 0) => _maps.PolicyRules.Update(
        new PolicyRuleKey { PrefixLen = (uint)bits, Set = set, Proto = protocol, Port = port },
        new PolicyRuleValue { Rule = rule, Narrow = narrow, Deny = deny });
}
