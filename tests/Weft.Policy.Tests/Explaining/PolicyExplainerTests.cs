using Weft.Model.Identities;
using Weft.Policy.Documents;
using Weft.Policy.Explaining;
using Weft.Policy.Resolution;

namespace Weft.Policy.Tests.Explaining;

public sealed class PolicyExplainerTests
{
    private const string AllowClient80 =
        """
        podSelector: { matchLabels: { app: web } }
        ingress:
        - from: [{ podSelector: { matchLabels: { app: client } } }]
          ports: [{ port: 80 }]
        """;

    [Fact]
    public void An_allowed_flow_names_the_rule_that_lets_it_pass()
    {
        FlowExplanation why = Why(Sample.Client, Sample.Web, 80, Sample.NetworkPolicy(AllowClient80));

        Assert.True(why.IsAllowed);
        Assert.Equal("allowed by NetworkPolicy shop/p, spec.ingress[0] (line 7)", why.Ingress.ToString());
        Assert.Equal("allowed: no policy is enforced in this direction", why.Egress.ToString());
        Assert.Null(why.Suggestion);
    }

    [Fact]
    public void A_denial_by_default_names_the_policies_that_cause_it_and_a_document_that_helps()
    {
        FlowExplanation why = Why(Sample.Client, Sample.Web, 8080, Sample.NetworkPolicy(AllowClient80));

        Assert.Equal(
            """
            denied: client -> web 8080/TCP
              egress of client: allowed: no policy is enforced in this direction
              ingress of web: denied by default, since no rule allows it and it is selected by NetworkPolicy shop/p, spec (line 5)
              nearest ingress rule: NetworkPolicy shop/p, spec.ingress[0] (line 7)
                port is 8080, spec.ingress[0].ports[0] (line 8) wants 80/TCP
              to allow exactly this, apply:
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata:
                  name: allow-client-to-web-8080-tcp-ingress
                  namespace: shop
                spec:
                  podSelector:
                    matchLabels:
                      app: web
                  policyTypes: [Ingress]
                  ingress:
                  - from:
                    - podSelector:
                        matchLabels:
                          app: client
                    ports:
                    - protocol: TCP
                      port: 8080
            """,
            why.Describe("client", "web"));
    }

    [Theory]
    [InlineData(1003, 80, 6, "peer's namespace is other, spec.ingress[0].from[0] (line 7) wants k8s:io.kubernetes.pod.namespace=shop")]
    [InlineData(1002, 80, 6, "peer's label app is db, spec.ingress[0].from[0] (line 7) wants k8s:app=client")]
    [InlineData(1001, 80, 17, "protocol is UDP, spec.ingress[0].ports[0] (line 8) wants TCP")]
    public void The_nearest_rule_differs_in_one_field(uint from, ushort port, byte protocol, string difference)
    {
        PolicyEngine engine = Sample.Engine(Sample.NetworkPolicy(AllowClient80));

        NearMiss? nearest = new PolicyExplainer(engine).Why(new PolicyFlow(new Identity(from), Sample.Web, protocol, port)).Ingress.Nearest;

        Assert.Equal(difference, Assert.Single(nearest!.Differences).ToString());
    }

    [Fact]
    public void A_cidr_that_excepts_the_address_is_named()
    {
        PolicyEngine engine = Sample.Engine(Sample.NetworkPolicy(
            "podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } }] }]"));
        Identity excepted = engine.IdentityOf(System.Net.IPAddress.Parse("10.1.0.1"));

        FlowExplanation why = new PolicyExplainer(engine).Why(new PolicyFlow(Sample.Web, excepted, Protocols.Tcp, 443));

        Assert.Equal(
            "CIDR is in the exception 10.1.0.0/16, spec.egress[0].to[0] (line 7) wants 10.0.0.0/8 except 10.1.0.0/16",
            Assert.Single(why.Egress.Nearest!.Differences).ToString());
        Assert.Contains("cidr: \"10.1.0.0/16\"", why.Suggestion!.Yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void An_explicit_deny_is_what_has_to_change()
    {
        FlowExplanation why = Why(
            Sample.Client, Sample.Web, 80, Sample.NetworkPolicy(AllowClient80), Sample.Cilium("endpointSelector: {}\negressDeny:\n- toEntities: [all]"));

        Assert.Equal(PolicyVerdict.DeniedByRule, why.Egress.Decision.Verdict);
        Assert.Null(why.Suggestion!.Yaml);
        Assert.Equal("CiliumNetworkPolicy shop/c, spec.egressDeny[0] (line 7)", Assert.Single(why.Suggestion.ToChange).ToString());
    }

    [Fact]
    public void Both_ends_get_a_document_where_both_deny()
    {
        FlowExplanation why = Why(Sample.Stranger, Sample.Web, 80, Sample.NetworkPolicy(AllowClient80), Sample.Clusterwide("endpointSelector: {}\negress: [{}]"));

        PolicyDocuments documents = Sample.Read(why.Suggestion!.Yaml!);

        Assert.Equal(
            ["NetworkPolicy other/allow-client-to-web-80-tcp-egress", "NetworkPolicy shop/allow-client-to-web-80-tcp-ingress"],
            documents.Policies.Select(policy => policy.ToString()));
    }

    [Fact]
    public void What_a_network_policy_cannot_say_a_cilium_policy_does()
    {
        PolicyEngine engine = Sample.Engine(new PolicyOptions { HostReachesPods = false }, Sample.NetworkPolicy("podSelector: {}"));

        string? ping = new PolicyExplainer(engine).Why(new PolicyFlow(Sample.Client, Sample.Web, Protocols.Icmp, 8)).Suggestion!.Yaml;
        string? host = new PolicyExplainer(engine).Why(new PolicyFlow(Identity.Host, Sample.Web, Protocols.Tcp, 80)).Suggestion!.Yaml;
        PolicySuggestion other = new PolicyExplainer(engine).Why(new PolicyFlow(Sample.Client, Sample.Web, 47, 0)).Suggestion!;

        Assert.Equal("type 8/ICMP", Sample.Read(ping!).Policies[0].Specs[0].Rules[0].Ports!.Value[0].ToString());
        Assert.Equal("reserved:host=", Sample.Read(host!).Policies[0].Specs[0].Rules[0].Peers!.Value[0].ToString());
        Assert.Equal((null, "no document allows exactly this: rules cannot name protocol 47, only all protocols at once"), (other.Yaml, other.Reason));
    }

    private static FlowExplanation Why(Identity source, Identity destination, ushort port, params ReadOnlySpan<string> documents) =>
        new PolicyExplainer(Sample.Engine(documents)).Why(new PolicyFlow(source, destination, Protocols.Tcp, port));
}
