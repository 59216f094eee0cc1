using System.Net;
using Weft.Agent.Tests.Harness;
using Weft.Api;
using Weft.Api.Policies;
using Weft.Api.Services;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

public sealed class PolicyApiTests
{
    private const string Web =
        """
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop, labels: { team: web } }
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: web, namespace: shop }
        spec:
          podSelector: { matchLabels: { app: web } }
          ingress:
          - from: [{ podSelector: { matchLabels: { app: front } } }]
            ports: [{ port: 80 }]
        """;

    [KernelFact]
    public async Task Documents_become_policies_that_are_listed_and_go_again()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        ManifestReport applied = await node.Client.PutPoliciesAsync(Web, "web.yaml");

        Assert.Equal(["Namespace created", "NetworkPolicy created"], applied.Results.Select(result => $"{result.Kind} {result.Result}"));
        Assert.All((await node.Client.PutPoliciesAsync(Web, "web.yaml")).Results, result => Assert.Equal("unchanged", result.Result));
        PolicyListing listing = await Eventually.BecomesAsync(
            "the policy is enforced", () => node.Client.GetPoliciesAsync(), listing => listing.Policies.Count == 1);
        PolicyRuleResource rule = listing.Policies[0].Sections.Single().Rules.Single();
        Assert.NotEqual(0, rule.Number);
        Assert.Equal(("spec.ingress[0]", 11, "ingress", "allow"), (rule.Path, rule.Line, rule.Direction, rule.Action));
        Assert.StartsWith("apiVersion: networking.k8s.io/v1", listing.Policies[0].Text, StringComparison.Ordinal);

        ManifestReport deleted = await node.Client.DeletePoliciesAsync(["netpol/shop/web", "ns/shop", "cnp/other"]);

        Assert.Equal(["deleted", "deleted", "not found"], deleted.Results.Select(result => result.Result));
        await Eventually.BecomesAsync("the policy goes", () => node.Client.GetPoliciesAsync(), listing => listing.Policies.Count == 0);
    }

    [KernelFact]
    public async Task Every_mistake_is_told_with_its_line_and_nothing_is_written()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        AgentApiException refusal = await Assert.ThrowsAsync<AgentApiException>(
            () => node.Client.PutPoliciesAsync(Web.Replace("ports:", "port:", StringComparison.Ordinal).Replace("from:", "form:", StringComparison.Ordinal), "web.yaml"));

        Assert.Equal(HttpStatusCode.BadRequest, refusal.Status);
        Assert.Contains("web.yaml:11: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("web.yaml:12: ", refusal.Message, StringComparison.Ordinal);
        Assert.All((await node.Client.DeletePoliciesAsync(Web, "web.yaml")).Results, result => Assert.Equal("not found", result.Result));
    }

    [KernelTheory]
    [InlineData("service/shop/web")]
    [InlineData("netpol")]
    [InlineData("ccnp/shop/web")]
    [InlineData("netpol/Shop/web")]
    public async Task A_name_that_names_no_policy_is_refused(string name)
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        AgentApiException refusal = await Assert.ThrowsAsync<AgentApiException>(() => node.Client.DeletePoliciesAsync([name]));

        Assert.Equal(HttpStatusCode.BadRequest, refusal.Status);
    }
}
