using Weft.Policy.Documents;
using Weft.Policy.Reading;

namespace Weft.Policy.Tests;

public sealed class PolicyReaderTests
{
    private const string Whole =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: web
          namespace: shop
          resourceVersion: "812"
        spec:
          podSelector:
            matchLabels: { app: web }
            matchExpressions: [{ key: tier, operator: In, values: [front, back] }]
          policyTypes: [Ingress, Egress]
          ingress:
          - from:
            - podSelector: { matchLabels: { app: client } }
              namespaceSelector: { matchLabels: { team: sales } }
            - ipBlock: { cidr: 10.1.2.3/8, except: [10.9.0.0/16] }
            ports:
            - port: http
            - { protocol: UDP, port: 1000, endPort: 2000 }
            - { protocol: SCTP }
          egress:
          - {}

        """;

    [Fact]
    public void A_network_policy_is_read_in_full()
    {
        PolicyDocument policy = Assert.Single(Sample.Read(Whole).Policies);

        PolicySpec spec = Assert.Single(policy.Specs);
        Assert.Equal("NetworkPolicy shop/web", policy.Name.ToString());
        Assert.Equal("k8s:app=web, k8s:io.kubernetes.pod.namespace=shop, k8s:tier in (back,front)", spec.Subjects.ToString());
        Assert.True(spec is { DeniesIngressByDefault: true, DeniesEgressByDefault: true, IsForNodes: false });
        PolicyRule ingress = spec.Rules[0];
        Assert.Equal("NetworkPolicy shop/web, spec.ingress[0] (line 13)", ingress.Origin.ToString());
        Assert.Equal(
            ["k8s:app=client, k8s:io.cilium.k8s.namespace.labels.team=sales, k8s:io.kubernetes.pod.namespace", "10.0.0.0/8 except 10.9.0.0/16"],
            ingress.Peers!.Value.Select(peer => peer.ToString()!));
        Assert.Equal(["http/TCP", "1000-2000/UDP", "SCTP"], ingress.Ports!.Value.Select(port => port.ToString()));
        Assert.Equal((null, null, "spec.egress[0]"), (spec.Rules[1].Peers?.Length, spec.Rules[1].Ports?.Length, spec.Rules[1].Origin.Path));
    }

    [Fact]
    public void Rules_are_looked_at_also_where_the_subjects_are_missing()
    {
        const string text =
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: { name: web }
            spec:
              podSelectors: {}
              ingress:
              - port: [{ port: 80 }]
            """;
        PolicyException error = Assert.Throws<PolicyException>(() => Sample.Read(text));
        Assert.Equal([5, 5, 7], error.Errors.Select(fault => fault.Line).Order());
    }

    [Fact]
    public void Every_error_is_told_with_path_and_line()
    {
        const string text =
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: { name: web }
            spec:
              podSelector: { matchLables: { app: web } }
              policyTypes: [ingress]
              ingress:
              - from:
                - ipBlock: { cidr: 10.0.0.0/8, except: [11.0.0.0/16, x] }
                  podSelector: {}
                - {}
                ports:
                - { port: 80, endPort: 70 }
                - { protocol: ICMP, port: 0 }
            ---
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: { name: web }
            spec:
              egress:
              - toFQDNs: [{ matchName: example.org }]
                toEndpoint: [{}]
                toPorts: [{ ports: [{ port: "80" }], rules: { http: [{}] } }]
              - toEntities: [wrld]
                toCIDR: [10.0.0.0/8]
            """;

        Assert.Equal(
            [
                "5: 'spec.podSelector.matchLables' is an unknown field (did you mean 'matchLabels'?)",
                "6: 'spec.policyTypes[0]' is 'ingress' (Ingress or Egress)",
                "9: 'spec.ingress[0].from[0].ipBlock' cannot be together with a selector: write two peers",
                "9: 'spec.ingress[0].from[0].ipBlock.except[0]' is 11.0.0.0/16, which is not in 10.0.0.0/8",
                "9: 'spec.ingress[0].from[0].ipBlock.except[1]' is 'x', no network (address and length, as in 10.0.1.0/24)",
                "11: 'spec.ingress[0].from[1]' is empty: write podSelector, namespaceSelector or ipBlock (leave the whole list out to mean everybody)",
                "13: 'spec.ingress[0].ports[0].endPort' is 70, before 'port' (80)",
                "14: 'spec.ingress[0].ports[1].protocol' is 'ICMP' (one of TCP, UDP, SCTP; ICMP types are written in the section icmps of a CiliumNetworkPolicy)",
                "14: 'port' of spec.ingress[0].ports[1] is '0' (a number from 1 to 65535)",
                "20: 'spec.endpointSelector' is missing (an empty one, endpointSelector: {}, selects all)",
                "21: 'spec.egress[0].toFQDNs' is not supported: it needs the answers of DNS servers, which Weft does not watch: write toCIDR or toServices",
                "22: 'spec.egress[0].toEndpoint' is an unknown field (did you mean 'toEndpoints'?)",
                "23: 'spec.egress[0].toPorts[0].rules' is not supported: rules above layer 4 need a proxy, and Weft has none: without it more would be allowed than the document says",
                "24: 'spec.egress[1].toEntities' cannot be together with toCIDR: write two rules",
                "24: 'spec.egress[1].toEntities[0]' is the unknown entity 'wrld' (did you mean 'world'?)",
            ],
            Sample.Errors(text).OrderBy(e => int.Parse(e.Split(':')[0], null)).ThenBy(e => e.Split(' ')[1] == "'port'").ThenBy(e => e.Split(' ')[1], StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("rules: { http: [{}] }")]
    [InlineData("serverNames: [a]")]
    [InlineData("terminatingTLS: {}")]
    [InlineData("listener: {}")]
    public void What_needs_a_proxy_is_refused(string field) => Assert.Contains(
        "is not supported: rules above layer 4",
        Assert.Single(Sample.Errors(Sample.Cilium($"endpointSelector: {{}}\ningress: [{{ toPorts: [{{ ports: [{{ port: '80' }}], {field} }}] }}]"))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("ingress: [{ fromRequires: [{}] }]")]
    [InlineData("ingress: [{ fromNodes: [{}] }]")]
    [InlineData("ingress: [{ fromGroups: [{}] }]")]
    [InlineData("ingress: [{ fromCIDRSet: [{ cidr: 10.0.0.0/8, cidrGroupRef: g }] }]")]
    [InlineData("ingress: [{ authentication: { mode: required } }]")]
    [InlineData("egress: [{ toGroups: [{}] }]")]
    [InlineData("log: { value: x }")]
    public void What_nobody_here_can_do_is_refused(string field) => Assert.Contains(
        "is not supported: ", Assert.Single(Sample.Errors(Sample.Cilium($"endpointSelector: {{}}\n{field}"))), StringComparison.Ordinal);

    [Fact]
    public void Selectors_of_a_namespaced_policy_mean_its_namespace_unless_they_say_another()
    {
        const string spec =
            """
            endpointSelector: { matchLabels: { "any:app": web } }
            ingress:
            - fromEndpoints:
              - {}
              - matchLabels: { "k8s:io.kubernetes.pod.namespace": other }
              - matchLabels: { io.cilium.k8s.namespace.labels.team: sales }
              - matchExpressions: [{ key: "reserved:host", operator: Exists }]
            """;

        PolicySpec read = Sample.Read(Sample.Cilium(spec)).Policies[0].Specs[0];

        Assert.Equal("app=web, k8s:io.kubernetes.pod.namespace=shop", read.Subjects.ToString());
        Assert.Equal(
            ["k8s:io.kubernetes.pod.namespace=shop", "k8s:io.kubernetes.pod.namespace=other", "io.cilium.k8s.namespace.labels.team=sales", "reserved:host"],
            read.Rules[0].Peers!.Value.Select(peer => peer.ToString()!));
    }

    [Fact]
    public void Selectors_of_a_clusterwide_policy_mean_pods_of_any_namespace()
    {
        PolicySpec read = Sample.Read(Sample.Clusterwide("endpointSelector: {}\ningress: [{ fromEndpoints: [{}] }]")).Policies[0].Specs[0];

        Assert.True(read.Subjects.IsEverything);
        Assert.Equal("k8s:io.kubernetes.pod.namespace", read.Rules[0].Peers!.Value[0].ToString());
    }

    /// <summary>The same text means everybody to Kubernetes and nobody to Cilium.</summary>
    [Fact]
    public void An_empty_rule_is_everybody_to_kubernetes_and_nobody_to_cilium()
    {
        PolicyRule kubernetes = Sample.Read(Sample.NetworkPolicy("podSelector: {}\ningress: [{}]")).Policies[0].Specs[0].Rules[0];
        PolicySpec cilium = Sample.Read(Sample.Cilium("endpointSelector: {}\ningress: [{}]")).Policies[0].Specs[0];
        PolicyRule emptyList = Sample.Read(Sample.Cilium("endpointSelector: {}\ningress: [{ fromEndpoints: [], toPorts: [{ ports: [{ port: '80' }] }] }]")).Policies[0].Specs[0].Rules[0];

        Assert.Null(kubernetes.Peers);
        Assert.Equal(0, cilium.Rules[0].Peers?.Length);
        Assert.True(cilium.DeniesIngressByDefault);
        Assert.Equal(0, emptyList.Peers?.Length);
    }

    [Theory]
    [InlineData("", true, false)]
    [InlineData("policyTypes: []", true, false)]
    [InlineData("egress: [{}]", true, true)]
    [InlineData("egress: []", true, false)]
    [InlineData("policyTypes: [Egress]", false, true)]
    public void Types_of_a_network_policy_have_the_apis_defaults(string fields, bool ingress, bool egress)
    {
        PolicySpec spec = Sample.Read(Sample.NetworkPolicy($"podSelector: {{}}\n{fields}")).Policies[0].Specs[0];

        Assert.Equal((ingress, egress), (spec.DeniesIngressByDefault, spec.DeniesEgressByDefault));
    }

    [Theory]
    [InlineData("ingress: [{}]", true, false)]
    [InlineData("egressDeny: [{ toEntities: [world] }]", false, true)]
    [InlineData("ingress: [{}]\nenableDefaultDeny: { ingress: false }", false, false)]
    [InlineData("ingress: [{}]\nenableDefaultDeny: { egress: true }", true, true)]
    [InlineData("ingress: []", false, false)]
    public void Default_deny_of_a_cilium_policy_follows_its_sections(string fields, bool ingress, bool egress)
    {
        PolicySpec spec = Sample.Read(Sample.Cilium($"endpointSelector: {{}}\n{fields}")).Policies[0].Specs[0];

        Assert.Equal((ingress, egress), (spec.DeniesIngressByDefault, spec.DeniesEgressByDefault));
    }

    [Fact]
    public void Icmp_types_are_numbers_or_names()
    {
        PolicyRule rule = Sample.Read(Sample.Cilium(
            "endpointSelector: {}\ningress: [{ icmps: [{ fields: [{ type: 8 }, { type: EchoRequest, family: IPv6 }] }] }]")).Policies[0].Specs[0].Rules[0];

        Assert.Equal(["type 8/ICMP", "type 128/ICMPv6"], rule.Ports!.Value.Select(port => port.ToString()));
        Assert.Null(rule.Peers);
    }

    [Fact]
    public void Documents_lists_and_namespaces_are_read_and_keep_their_own_text()
    {
        string text = $"---\n{Whole}---\napiVersion: v1\nkind: Namespace\nmetadata: {{ name: shop, labels: {{ team: sales }} }}\n---\n{Sample.Clusterwide("nodeSelector: {}")}";

        PolicyDocuments read = Sample.Read(text);

        Assert.Equal(["NetworkPolicy shop/web", "CiliumClusterwideNetworkPolicy cw"], read.Policies.Select(policy => policy.ToString()));
        Assert.Equal(("shop", "sales"), (read.Namespaces[0].Name, read.Namespaces[0].Labels["team"]));
        Assert.True(read.Policies[1].Specs[0].IsForNodes);
        PolicyDocument again = Assert.Single(Reading.PolicyReader.Parse(read.Policies[0].Text, "store", read.Policies[0].FirstLine).Policies);
        Assert.Equal(read.Policies[0].Specs[0].Rules[0].Origin, again.Specs[0].Rules[0].Origin);
        Assert.Equal(14, again.Specs[0].Rules[0].Origin.Line);
    }

    [Fact]
    public void An_entry_of_a_list_can_be_read_again()
    {
        string list = $"apiVersion: v1\nkind: List\nitems:\n- {Whole.TrimEnd().Replace("\n", "\n  ", StringComparison.Ordinal)}";

        PolicyDocument policy = Assert.Single(Sample.Read(list).Policies);
        PolicyDocument again = Assert.Single(Sample.Read(policy.Text).Policies);

        Assert.Equal("items[0].spec.ingress[0]", policy.Specs[0].Rules[0].Origin.Path);
        Assert.Equal(policy.Specs[0].Rules[0].Ports!.Value.Select(port => port.ToString()), again.Specs[0].Rules[0].Ports!.Value.Select(port => port.ToString()));
    }

    /// <summary>Whatever is cut off or changed: documents or errors, nothing else.</summary>
    [Fact]
    public void Broken_texts_end_in_errors()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        string text = Whole + "---\n" + Sample.Cilium("endpointSelector: {}\ningress:\n- fromEntities: [world]\n  icmps: [{ fields: [{ type: 8 }] }]");
        for (int i = 0; i < 2000; i++)
        {
            string broken = i < text.Length ? text[..i]
                : string.Concat(text.Select(c => random.Next(80) == 0 ? "{}[]:-#'\" \nx0"[random.Next(13)] : c));
            try
            {
                Sample.Read(broken);
            }
            catch (Reading.PolicyException)
            {
                // What is meant to come of it.
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}, {i}: {exception}\n{broken}");
            }
        }
    }
}
