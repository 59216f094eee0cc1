using System.Text.Json.Nodes;
using Weft.Api;
using Weft.Api.Policies;
using Weft.Cli.Policies;
using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

/// <summary><c>policy why</c> asks the agent and says the answer in words.</summary>
public sealed class PolicyWhyTests : IDisposable
{
    private const string Route = "GET /v1/policy/why?src=shop%2Ffront&dst=shop%2Fdb&protocol=tcp&port=5432";

    private static readonly RulePlace s_rule = new() { Kind = "NetworkPolicy", Namespace = "shop", Name = "db", Path = "spec.ingress[0]", Line = 9 };

    private static readonly PolicyFlowVerdict s_denied = new()
    {
        Source = new PolicyFlowEnd { Name = "shop/front", Identity = 12057, Labels = ["k8s:app=front"], Address = "10.0.1.20", Endpoint = 1429, Node = "bpf1" },
        Destination = new PolicyFlowEnd { Name = "shop/db", Identity = 37483, Labels = ["k8s:app=db"], Address = "10.0.0.23", Node = "bpf2" },
        Protocol = "TCP",
        Port = 5432,
        Egress = new PolicySide { Verdict = PolicySide.NotEnforced, Reason = "allowed: no policy is enforced in this direction" },
        Ingress = new PolicySide
        {
            Verdict = PolicySide.DeniedByDefault,
            Reason = "denied by default, since no rule allows it and it is selected by NetworkPolicy shop/db, spec (line 5)",
            DefaultDenyBy = [s_rule with { Path = "spec", Line = 5 }],
            Nearest = new PolicyNearMiss
            {
                Rule = s_rule,
                Differences =
                [
                    new PolicyDifference { Field = "port", Place = s_rule with { Path = "spec.ingress[0].ports[0]", Line = 12 }, Written = "80/TCP", Actual = "5432" },
                ],
            },
        },
        Suggestion = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n",
    };

    private static readonly PolicyFlowVerdict s_allowed = s_denied with
    {
        IsAllowed = true,
        Service = "shop/db port 5432",
        Destination = new PolicyFlowEnd { Name = "identity 400", Identity = 400 },
        Ingress = new PolicySide { Verdict = PolicySide.Allowed, Reason = "allowed by NetworkPolicy shop/db, spec.ingress[0] (line 9)", Rule = s_rule },
        Suggestion = null,
    };

    private readonly FakeAgent _agent = new();

    public void Dispose() => _agent.Dispose();

    [Fact]
    public async Task A_denial_is_told_with_what_comes_nearest_and_what_would_allow_it()
    {
        Answer(s_denied);

        CliResult result = await Run("policy why shop/front shop/db:5432");

        Assert.Equal((0, ""), (result.Code, result.Error));
        Golden.Matches("policy-why-denied.txt", result.Output);
    }

    [Fact]
    public async Task Backends_of_a_service_that_policy_tells_apart_are_told_one_by_one()
    {
        _agent.On("GET /v1/policy/why?src=shop%2Ffront&dst=svc%2Fshop%2Fdb&protocol=tcp", Json(s_allowed, s_denied with { Service = s_allowed.Service }));

        Golden.Matches("policy-why-service.txt", (await Run("policy why shop/front svc/shop/db")).Output);
    }

    [Fact]
    public async Task A_suggestion_is_the_document_alone()
    {
        Answer(s_denied);

        Assert.Equal(new CliResult(0, s_denied.Suggestion!, ""), await Run("policy why shop/front shop/db:5432 --suggest"));
    }

    [Fact]
    public async Task Nothing_is_suggested_where_nothing_is_denied()
    {
        Answer(s_allowed);

        Assert.Equal(
            new CliResult(0, "", "weft: nothing is denied, so there is no document to apply\n"),
            await Run("policy why shop/front shop/db:5432 --suggest"));
    }

    [Fact]
    public async Task A_denial_that_no_document_can_undo_has_no_suggestion()
    {
        Answer(s_denied with { Suggestion = null, NoSuggestion = "a deny rule beats every rule that allows" });

        Assert.Equal(
            new CliResult(1, "", "weft: suggest a policy for shop/front -> shop/db 5432/TCP: a deny rule beats every rule that allows\n"),
            await Run("policy why shop/front shop/db:5432 --suggest"));
    }

    [Fact]
    public async Task Json_is_the_agents_answer()
    {
        Answer(s_denied);

        JsonNode flow = JsonNode.Parse((await Run("policy why shop/front shop/db:5432 -o json")).Output)!["flows"]![0]!;

        Assert.Equal(("denied-by-default", 12), ((string)flow["ingress"]!["verdict"]!, (int)flow["ingress"]!["nearest"]!["differences"]![0]!["place"]!["line"]!));
    }

    [Theory]
    [InlineData(false, "policy-why-last-drop-none.txt")]
    [InlineData(true, "policy-why-last-drop.txt")]
    public async Task The_last_denial_is_told_with_the_rule_that_decided(bool isThere, string golden)
    {
        PolicyDenial denial = new()
        {
            Time = FixedClock.Now.AddSeconds(-40),
            Direction = "ingress",
            Verdict = PolicySide.DeniedByRule,
            Source = "10.0.1.20:40000",
            Destination = "10.0.0.23:5432",
            RuleNumber = 7,
            Rule = s_rule,
            Now = s_denied,
        };
        PolicyLastDenial last = new() { Endpoint = 3663, Name = "shop/db", Since = FixedClock.Now.AddHours(-1), Denial = isThere ? denial : null };
        _agent.On("GET /v1/policy/last-drop/3663", Bpf1.Json(last, ApiJson.Default.PolicyLastDenial));

        CliResult result = await Run("policy why --last-drop 3663");

        Assert.Equal((0, ""), (result.Code, result.Error));
        Golden.Matches(golden, result.Output);
    }

    [Theory]
    [InlineData("db:5432", "db", 5432, "tcp")]
    [InlineData("shop/db:53/udp", "shop/db", 53, "udp")]
    [InlineData("shop/db/icmp", "shop/db", null, "icmp")]
    [InlineData("db/icmp:3", "db", 3, "icmp")]
    [InlineData("10.0.0.1:80/SCTP", "10.0.0.1", 80, "sctp")]
    [InlineData("[fd00::1]:80", "[fd00::1]", 80, "tcp")]
    [InlineData("fd00::1/icmp", "fd00::1", null, "icmp")]
    [InlineData("fd00::1/icmpv6:128", "fd00::1", 128, "icmpv6")]
    [InlineData("identity:12:80", "identity:12", 80, "tcp")]
    [InlineData("3663:80", "3663", 80, "tcp")]
    [InlineData("svc/shop/api", "svc/shop/api", null, "tcp")]
    [InlineData("svc/shop/api:80/udp", "svc/shop/api", 80, "udp")]
    [InlineData("k8s:app=web,tier=a:8080", "k8s:app=web,tier=a", 8080, "tcp")]
    public void A_destination_is_read(string text, string destination, int? port, string protocol) =>
        Assert.Equal(new PolicyFlowWords(destination, (ushort?)port, protocol), PolicyFlowWords.Parse(text));

    [Theory]
    [InlineData("db", "'db': which TCP port? (write db:PORT, or db/icmp for a ping)")]
    [InlineData("shop/db/udp", "'shop/db/udp': which UDP port? (write shop/db:PORT/udp, or shop/db/icmp for a ping)")]
    [InlineData("identity:12", "'identity:12': which TCP port? (write identity:12:PORT, or identity:12/icmp for a ping)")]
    [InlineData("fd00::1", "'fd00::1': which TCP port? (write [fd00::1]:PORT, or fd00::1/icmp for a ping)")]
    [InlineData("db:70000", "'db:70000': a port is a number from 1 to 65535")]
    [InlineData("db/udp:53", "'db/udp:53': the port comes before the protocol (write DST:PORT/udp)")]
    [InlineData("db/icmp:300", "'db/icmp:300': an ICMP type is a number from 0 to 255")]
    [InlineData(":80", "':80' names no destination (write DST:PORT, as db:5432)")]
    public async Task A_destination_that_says_too_little_is_refused(string text, string why) =>
        Assert.Equal(new CliResult(2, "", $"weft: {why}\n"), await Run($"policy why front {text}"));

    [Theory]
    [InlineData("policy why")]
    [InlineData("policy why front")]
    [InlineData("policy why front db:80 --last-drop 3")]
    public async Task Either_a_flow_or_an_endpoint_is_asked_for(string line) =>
        Assert.Equal(new CliResult(2, "", "weft: explain which flow? (give SRC and DST:PORT, or --last-drop ENDPOINT)\n"), await Run(line));

    private void Answer(PolicyFlowVerdict flow) => _agent.On(Route, Json(flow));

    private static string Json(params PolicyFlowVerdict[] flows) => Bpf1.Json(new PolicyWhyAnswer { Flows = flows }, ApiJson.Default.PolicyWhyAnswer);

    private Task<CliResult> Run(string line) => CliRun.Weft(Bpf1.MachineOf(_agent), line);
}
