using System.Net;
using Weft.Agent.Tests.Harness;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Api.Policies;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

/// <summary>Questions about policy to an agent with two pods: one that a policy selects, and one that it lets in on a port.</summary>
public sealed class PolicyWhyApiTests
{
    private const string Policy =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: db, namespace: default }
        spec:
          podSelector: { matchLabels: { app: db } }
          ingress:
          - from: [{ podSelector: { matchLabels: { app: front } } }]
            ports: [{ port: 5432 }]
        """;

    [KernelFact]
    public async Task Flows_are_explained_however_their_ends_are_named()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        EndpointResource front = await CreateAsync(node, node.NewPod(), "front");
        EndpointResource db = await CreateAsync(node, node.NewPod(), "db");
        await ApplyAsync(node, db.Id);
        string pod = db.Status!.ExternalIdentifiers!.PodName!;

        foreach (string destination in (string[])[
            pod, pod["default/".Length..], $"{db.Id}", TestNode.AddressOf(db), $"identity:{db.Status.Identity!.Id}", "app=db"])
        {
            PolicyFlowVerdict allowed = await WhyAsync(node, "app=front", destination, 5432);
            Assert.True(allowed.IsAllowed, destination);
            Assert.Equal((PolicySide.NotEnforced, PolicySide.Allowed), (allowed.Egress.Verdict, allowed.Ingress.Verdict));
            Assert.Equal(("spec.ingress[0]", 7), (allowed.Ingress.Rule!.Path, allowed.Ingress.Rule.Line));
            Assert.Equal(db.Status.Identity.Id, allowed.Destination.Identity);
        }

        PolicyFlowVerdict denied = await WhyAsync(node, $"{front.Id}", pod, 80);
        Assert.Equal((false, PolicySide.DeniedByDefault), (denied.IsAllowed, denied.Ingress.Verdict));
        Assert.Equal(["port"], denied.Ingress.Nearest!.Differences.Select(difference => difference.Field));
        Assert.Equal("NetworkPolicy default/db, spec (line 5)", Assert.Single(denied.Ingress.DefaultDenyBy).ToString());
        Assert.False((await WhyAsync(node, "world", pod, 5432)).IsAllowed);
        Assert.True((await WhyAsync(node, "host", pod, 5432)).IsAllowed);
        Assert.Equal("host", (await WhyAsync(node, node.Name, pod, 5432)).Source.Name);

        await node.Client.PutPoliciesAsync(denied.Suggestion!, "suggestion");
        await Eventually.BecomesAsync("it is allowed", () => WhyAsync(node, $"{front.Id}", pod, 80), why => why.IsAllowed);
    }

    [KernelTheory]
    [InlineData("nobody", "called so")]
    [InlineData("9999", "this node has none")]
    [InlineData("identity:9999", "no label set")]
    [InlineData("app=nobody", "no identity has them")]
    [InlineData("app", "several|called so")]
    [InlineData("svc/shop/none", "nothing is balanced")]
    public async Task An_end_that_is_nobody_is_told(string destination, string why)
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        AgentApiException refusal = await Assert.ThrowsAsync<AgentApiException>(() => WhyAsync(node, "world", destination, 80));

        Assert.Equal(HttpStatusCode.BadRequest, refusal.Status);
        Assert.Contains(why.Split('|'), part => refusal.Message.Contains(part, StringComparison.Ordinal));
    }

    [KernelFact]
    public async Task The_last_denial_of_an_endpoint_is_kept_and_explained()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace client = node.NewPod();
        EndpointResource front = await CreateAsync(node, client, "front");
        EndpointResource db = await CreateAsync(node, node.NewPod(), "db");
        await ApplyAsync(node, db.Id);
        Assert.Null((await node.Client.GetLastDenialAsync($"{db.Id}")).Denial);

        Assert.Equal(0, Ping.Answers(client, TestNode.AddressOf(db), 1));

        PolicyLastDenial last = await Eventually.BecomesAsync(
            "the denial is known", () => node.Client.GetLastDenialAsync($"{db.Id}"), last => last.Denial is not null);
        PolicyDenial denial = last.Denial!;
        Assert.Equal(("ingress", PolicySide.DeniedByDefault, "ICMP", 8), (denial.Direction, denial.Verdict, denial.Now.Protocol, denial.Now.Port));
        Assert.Equal((TestNode.AddressOf(front), TestNode.AddressOf(db)), (denial.Source, denial.Destination));
        Assert.Equal((front.Id, db.Id), (denial.Now.Source.Endpoint, denial.Now.Destination.Endpoint));
        Assert.False(denial.Now.IsAllowed);
        Assert.Null((await node.Client.GetLastDenialAsync($"{front.Id}")).Denial);
    }

    [KernelFact]
    public async Task A_dry_run_tells_connections_and_pairs_and_changes_nothing()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace client = node.NewPod();
        await CreateAsync(node, client, "front");
        EndpointResource db = await CreateAsync(node, node.NewPod(), "db");
        Assert.Equal(1, Ping.Answers(client, TestNode.AddressOf(db), 1));

        PolicyDryRunReport report = await node.Client.DryRunPoliciesAsync(Policy, "db.yaml", delete: false, limit: 1000);

        PolicyVerdictChange ping = Assert.Single(report.Connections);
        Assert.Equal(("ICMP", 8, true, db.Id), (ping.Protocol, ping.Port, ping.WasAllowed, ping.Destination.Endpoint));
        Assert.Contains(report.Pairs, pair => pair is { Source.Name: "default/app=front", Destination.Name: "default/app=db", Protocol: "UDP", WasAllowed: true });
        Assert.DoesNotContain(report.Pairs, pair => pair is { Source.Name: "default/app=front", Protocol: "TCP", Port: 5432 });
        Assert.Equal(report.PairCount, report.Pairs.Count);
        Assert.Empty((await node.Client.GetPoliciesAsync()).Policies);
        Assert.Equal(1, Ping.Answers(client, TestNode.AddressOf(db), 1));
    }

    private static async Task ApplyAsync(TestNode node, long endpoint)
    {
        await node.Client.PutPoliciesAsync(Policy, "db.yaml");
        await Eventually.BecomesAsync(
            "the policy is enforced", () => node.Client.GetPoliciesAsync(), listing => listing.Policies is [{ } only] && only.Endpoints.Contains(endpoint));
        await Eventually.BecomesAsync("the table is there", () => WhyAsync(node, "world", $"{endpoint}", 5432), why => !why.IsAllowed);
    }

    private static async Task<PolicyFlowVerdict> WhyAsync(TestNode node, string source, string destination, ushort port) => (await node.Client.ExplainPolicyAsync(
        new PolicyWhyRequest { Source = source, Destination = destination, Port = port, Protocol = PolicyWhyRequest.Tcp })).Flows.Single();

    private static Task<EndpointResource> CreateAsync(TestNode node, TestNamespace pod, string app) => node.Client.CreateEndpointAsync(new EndpointChangeRequest
    {
        Netns = pod.Path,
        ContainerId = pod.Name,
        K8sNamespace = "default",
        K8sPodName = pod.Name,
        Labels = [$"k8s:app={app}", "k8s:io.kubernetes.pod.namespace=default"],
    });
}
