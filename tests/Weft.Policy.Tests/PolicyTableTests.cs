using System.Collections.Immutable;
using System.Net;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Policy.Tests;

/// <summary>Each rule of resolution by an example that people can check.</summary>
public sealed class PolicyTableTests
{
    private const string AllowWeb80 = "podSelector: { matchLabels: { app: web } }\ningress: [{ from: [{ podSelector: { matchLabels: { app: client } } }], ports: [{ port: 80 }] }]";

    [Fact]
    public void Without_a_policy_nothing_is_enforced()
    {
        PolicyEngine engine = Sample.Engine();

        Assert.Equal(PolicyVerdict.NotEnforced, engine.Ingress(Sample.Web, Sample.Client, 80));
        Assert.Equal(0, engine.TableOf(Sample.Web).Count);
    }

    [Fact]
    public void A_policy_allows_what_it_says_and_nothing_else_in_its_direction()
    {
        PolicyEngine engine = Sample.Engine(Sample.NetworkPolicy(AllowWeb80));

        Assert.Equal(PolicyVerdict.Allowed, engine.Ingress(Sample.Web, Sample.Client, 80));
        Assert.Equal(PolicyVerdict.DeniedByDefault, engine.Ingress(Sample.Web, Sample.Client, 81));
        Assert.Equal(PolicyVerdict.DeniedByDefault, engine.Ingress(Sample.Web, Sample.Client, 80, Protocols.Udp));
        Assert.Equal(PolicyVerdict.DeniedByDefault, engine.Ingress(Sample.Web, Sample.Stranger, 80));
        Assert.Equal(PolicyVerdict.NotEnforced, engine.Egress(Sample.Web, Sample.Client, 80));
        Assert.Equal(PolicyVerdict.NotEnforced, engine.Ingress(Sample.Db, Sample.Client, 80));
    }

    [Fact]
    public void A_broad_deny_of_a_peer_beats_a_narrow_allow_of_it()
    {
        PolicyEngine engine = Sample.Engine(
            Sample.NetworkPolicy(AllowWeb80),
            Sample.Cilium("endpointSelector: {}\ningressDeny: [{ fromEndpoints: [{ matchLabels: { app: client } }] }]"));

        Assert.Equal(PolicyVerdict.DeniedByRule, engine.Ingress(Sample.Web, Sample.Client, 80));
        Assert.Equal("deny ANY", Assert.Single(engine.TableOf(Sample.Web).Ingress.Peers[Sample.Client]).ToString());
    }

    [Fact]
    public void A_broad_deny_of_everybody_beats_a_narrow_allow_of_a_peer()
    {
        PolicyEngine engine = Sample.Engine(
            Sample.NetworkPolicy(AllowWeb80),
            Sample.Cilium("endpointSelector: {}\ningressDeny: [{ fromEntities: [all], toPorts: [{ ports: [{ port: '0', protocol: TCP }] }] }]"));

        Assert.Equal(PolicyVerdict.DeniedByRule, engine.Ingress(Sample.Web, Sample.Client, 80));
    }

    [Fact]
    public void A_broad_deny_of_a_peer_beats_a_narrow_allow_of_everybody()
    {
        PolicyEngine engine = Sample.Engine(
            Sample.NetworkPolicy("podSelector: {}\ningress: [{ ports: [{ port: 80 }] }]"),
            Sample.Cilium("endpointSelector: {}\ningressDeny: [{ fromEndpoints: [{ matchLabels: { app: client } }] }]"));

        Assert.Equal(PolicyVerdict.DeniedByRule, engine.Ingress(Sample.Web, Sample.Client, 80));
        Assert.Equal(PolicyVerdict.Allowed, engine.Ingress(Sample.Web, Sample.Db, 80));
    }

    [Fact]
    public void A_narrow_deny_leaves_the_rest_of_a_broad_allow()
    {
        PolicyEngine engine = Sample.Engine(Sample.Cilium(
            "endpointSelector: {}\ningress: [{ fromEndpoints: [{}] }]\ningressDeny: [{ toPorts: [{ ports: [{ port: '80', endPort: 90 }] }] }]"));

        Assert.Equal(PolicyVerdict.DeniedByRule, engine.Ingress(Sample.Web, Sample.Client, 85));
        Assert.Equal(PolicyVerdict.Allowed, engine.Ingress(Sample.Web, Sample.Client, 91));
    }

    [Fact]
    public void Without_default_deny_only_denied_is_what_a_rule_denies()
    {
        PolicyEngine engine = Sample.Engine(Sample.Cilium(
            "endpointSelector: {}\nenableDefaultDeny: { ingress: false }\ningressDeny: [{ fromEndpoints: [{ matchLabels: { app: db } }] }]"));

        Assert.Equal(PolicyVerdict.DeniedByRule, engine.Ingress(Sample.Web, Sample.Db, 80));
        Assert.Equal(PolicyVerdict.Allowed, engine.Ingress(Sample.Web, Sample.Stranger, 80));
        Assert.False(engine.TableOf(Sample.Web).Ingress.DeniesByDefault);
    }

    /// <summary>A fragment has no ports, so rules about single ports cannot let it pass, nor stop it.</summary>
    [Fact]
    public void Without_a_port_only_entries_for_all_ports_match()
    {
        PolicyEngine engine = Sample.Engine(
            Sample.NetworkPolicy("podSelector: {}\ningress: [{ ports: [{ protocol: UDP }, { port: 80 }] }]"));

        Assert.Equal(PolicyVerdict.Allowed, engine.Ingress(Sample.Web, Sample.Client, null, Protocols.Udp));
        Assert.Equal(PolicyVerdict.DeniedByDefault, engine.Ingress(Sample.Web, Sample.Client, null));
    }

    [Fact]
    public void A_range_becomes_blocks_that_cover_it_exactly()
    {
        PolicyEngine engine = Sample.Engine(Sample.NetworkPolicy("podSelector: {}\ningress: [{ ports: [{ port: 1000, endPort: 2047 }] }]"));

        Assert.Equal(
            ["allow 1000-1007/TCP", "allow 1008-1023/TCP", "allow 1024-2047/TCP"],
            engine.TableOf(Sample.Web).Ingress.Any.OrderBy(entry => entry.Port).Select(entry => entry.ToString()));
    }

    [Fact]
    public void The_node_reaches_its_pods_unless_a_rule_denies_it()
    {
        const string nobody = "podSelector: {}";
        string deny = Sample.Cilium("endpointSelector: {}\ningressDeny: [{ fromEntities: [host], toPorts: [{ ports: [{ port: '22' }] }] }]");

        Assert.Equal(PolicyVerdict.Allowed, Sample.Engine(Sample.NetworkPolicy(nobody)).Ingress(Sample.Web, Identity.Host, 80));
        Assert.Equal(PolicyVerdict.DeniedByRule, Sample.Engine(Sample.NetworkPolicy(nobody), deny).Ingress(Sample.Web, Identity.Host, 22));
        Assert.Equal(
            PolicyVerdict.DeniedByDefault,
            Sample.Engine(new PolicyOptions { HostReachesPods = false }, Sample.NetworkPolicy(nobody)).Ingress(Sample.Web, Identity.Host, 80));
    }

    [Fact]
    public void Modes_decide_whether_tables_are_looked_at()
    {
        string policy = Sample.NetworkPolicy(AllowWeb80);

        Assert.Equal(
            PolicyVerdict.NotEnforced, Sample.Engine(new PolicyOptions { Ingress = EnforcementMode.Never }, policy).Ingress(Sample.Web, Sample.Stranger, 80));
        Assert.Equal(
            PolicyVerdict.DeniedByDefault, Sample.Engine(new PolicyOptions { Egress = EnforcementMode.Always }, policy).Egress(Sample.Db, Sample.Web, 80));
    }

    [Fact]
    public void Names_of_ports_are_those_of_the_receiver()
    {
        PolicyEngine engine = Sample.Engine(
            Sample.NetworkPolicy("podSelector: {}\ningress: [{ ports: [{ port: http }] }]", "in"),
            Sample.NetworkPolicy("podSelector: {}\negress: [{ ports: [{ port: http }] }]\npolicyTypes: [Egress]", "out"));
        LabelSet web = LabelSet.Parse(["k8s:app=web", "k8s:tier=front", "k8s:io.kubernetes.pod.namespace=shop"]);

        engine.PutIdentity(Sample.Web, web, [new NamedPort("http", Protocols.Tcp, 8080)]);
        engine.Resolve();
        Assert.Equal(PolicyVerdict.Allowed, engine.Ingress(Sample.Web, Sample.Client, 8080));
        Assert.Equal(PolicyVerdict.Allowed, engine.Egress(Sample.Client, Sample.Web, 8080));
        Assert.Equal(PolicyVerdict.DeniedByDefault, engine.Egress(Sample.Client, Sample.Db, 8080));

        engine.PutIdentity(Sample.Web, web, [new NamedPort("http", Protocols.Tcp, 8081)]);
        engine.Resolve();
        Assert.Equal(PolicyVerdict.DeniedByDefault, engine.Egress(Sample.Client, Sample.Web, 8080));
        Assert.Equal(PolicyVerdict.Allowed, engine.Ingress(Sample.Web, Sample.Client, 8081));
    }

    [Fact]
    public void A_cidr_means_addresses_outside_and_not_what_it_excepts()
    {
        PolicyEngine engine = Sample.Engine(Sample.NetworkPolicy(
            "podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } }] }]"));

        Identity inside = engine.IdentityOf(IPAddress.Parse("10.2.0.1"));
        Assert.Equal("cidr:10.0.0.0/8,reserved:world", engine.Identities.Single(identity => identity.Id == inside).Labels.ToString());
        Assert.Equal(PolicyVerdict.Allowed, engine.Egress(Sample.Web, inside, 80));
        Assert.Equal(PolicyVerdict.DeniedByDefault, engine.Egress(Sample.Web, engine.IdentityOf(IPAddress.Parse("10.1.0.1")), 80));
        Assert.Equal(PolicyVerdict.DeniedByDefault, engine.Egress(Sample.Web, Identity.World, 80));
        Assert.Equal(PolicyVerdict.DeniedByDefault, engine.Egress(Sample.Web, Sample.Db, 80));
    }

    [Fact]
    public void With_the_option_a_cidr_means_nodes_too()
    {
        CidrIdentities nodes = CidrIdentities.ForNodes();
        nodes.Add(IPNetwork.Parse("192.168.2.61/32"));
        CidrIdentity node = Assert.Single(nodes.All);
        string policy = Sample.NetworkPolicy("podSelector: {}\ningress: [{ from: [{ ipBlock: { cidr: 192.168.2.0/24 } }] }]");

        foreach (CidrMatchMode mode in Enum.GetValues<CidrMatchMode>())
        {
            PolicyEngine engine = Sample.Engine(new PolicyOptions { CidrMatch = mode }, policy);
            engine.PutIdentity(node.Identity, node.Labels);
            engine.Resolve();
            Assert.Equal(
                mode == CidrMatchMode.World ? PolicyVerdict.DeniedByDefault : PolicyVerdict.Allowed, engine.Ingress(Sample.Web, node.Identity, 80));
        }
    }

    [Fact]
    public void Policies_for_nodes_hold_for_the_host_when_the_firewall_is_on()
    {
        string policy = Sample.Clusterwide("nodeSelector: {}\ningress: [{ toPorts: [{ ports: [{ port: '22' }] }] }]");

        PolicyEngine on = Sample.Engine(new PolicyOptions { HasHostFirewall = true }, policy);
        Assert.Equal(PolicyVerdict.Allowed, on.Ingress(Identity.Host, Sample.Web, 22));
        Assert.Equal(PolicyVerdict.DeniedByDefault, on.Ingress(Identity.Host, Sample.Web, 80));
        Assert.Equal(PolicyVerdict.NotEnforced, on.Ingress(Sample.Web, Sample.Client, 80));
        Assert.Equal(PolicyVerdict.NotEnforced, Sample.Engine(policy).Ingress(Identity.Host, Sample.Web, 80));
    }

    [Fact]
    public void Only_tables_that_changed_are_told()
    {
        PolicyEngine engine = Sample.Engine(Sample.NetworkPolicy(AllowWeb80));
        Identity another = new(2000);

        engine.PutIdentity(another, LabelSet.Parse(["k8s:app=client", "k8s:version=2", "k8s:io.kubernetes.pod.namespace=shop"]));
        TableChange change = Assert.Single(engine.Resolve().Tables);

        Assert.Equal([Sample.Web], change.Subjects);
        Assert.Equal("Ingress 2000 allow 80/TCP", Assert.Single(change.Written).ToString());
        Assert.Empty(change.Deleted);
        Assert.Empty(engine.Resolve().Tables);
    }

    [Fact]
    public void A_policy_that_is_put_again_changes_nothing()
    {
        PolicyEngine engine = Sample.Engine(Sample.NetworkPolicy(AllowWeb80));
        uint number = engine.TableOf(Sample.Web).Entries.First(entry => entry.Entry.Rule is not null).Entry.Rule!.Number;

        engine.PutPolicy(Sample.Read(Sample.NetworkPolicy(AllowWeb80)).Policies[0]);

        Assert.Empty(engine.Resolve().Tables);
        Assert.Equal("spec.ingress[0]", engine.FindRule(number)?.Origin.Path);
    }

    [Fact]
    public void Prefixes_come_and_go_with_the_rules_that_name_them()
    {
        PolicyEngine engine = Sample.Engine();
        PolicyDocument policy = Sample.Read(Sample.Cilium("endpointSelector: {}\negress: [{ toCIDR: [192.0.2.0/24] }, { toCIDR: [192.0.2.0/24, '2001:db8::/32'] }]")).Policies[0];

        engine.PutPolicy(policy);
        Assert.Equal(["192.0.2.0/24", "2001:db8::/32"], engine.Resolve().AddedPrefixes.Select(prefix => $"{prefix.Prefix}"));
        Assert.All(engine.Prefixes, prefix => Assert.Equal(1u, prefix.Identity.Value >> 24));
        engine.RemovePolicy(policy.Name);
        Assert.Equal(2, engine.Resolve().RemovedPrefixes.Length);
        Assert.Empty(engine.Prefixes);
        Assert.Equal(0, engine.SelectorCount);
    }

    /// <summary>More labels than a set may have must not stop the engine: whoever may write policies could do that to a node.</summary>
    [Fact]
    public void Every_prefix_of_an_address_may_be_named_at_once()
    {
        string cidrs = string.Join(", ", Enumerable.Range(0, 129).Select(length => $"'::/{length}'"));

        PolicyEngine engine = Sample.Engine(Sample.Cilium($"endpointSelector: {{}}\negress: [{{ toCIDR: [{cidrs}] }}]"));

        Assert.Equal(129, engine.Prefixes.Count());
        Assert.Equal(PolicyVerdict.Allowed, engine.Egress(Sample.Web, engine.IdentityOf(IPAddress.Parse("::")), 80));
    }

    [Fact]
    public void The_number_of_a_prefix_follows_from_it()
    {
        string policy = Sample.Cilium("endpointSelector: {}\negress: [{ toCIDR: [192.0.2.0/24, 10.0.0.0/8] }]");
        string other = Sample.Cilium("endpointSelector: {}\negress: [{ toCIDR: [203.0.113.0/24, 10.0.0.0/8] }]");

        Assert.Equal(
            Sample.Engine(policy).IdentityOf(IPAddress.Parse("10.0.0.1")), Sample.Engine(other, policy).IdentityOf(IPAddress.Parse("10.0.0.1")));
    }

    [Fact]
    public void A_label_called_everything_is_a_label()
    {
        PolicyEngine engine = Sample.Engine(
            Sample.Clusterwide("endpointSelector: { matchExpressions: [{ key: everything, operator: Exists }] }\ningress: [{}]", "a"),
            Sample.Clusterwide("endpointSelector: {}\negress: [{}]", "b"));

        Assert.Equal(PolicyVerdict.NotEnforced, engine.Ingress(Sample.Web, Sample.Client, 80));
        Assert.Equal(PolicyVerdict.DeniedByDefault, engine.Egress(Sample.Web, Sample.Client, 80));
    }

    [Fact]
    public void A_service_leads_to_its_pods_or_its_addresses()
    {
        PolicyEngine engine = Sample.Engine(Sample.Cilium(
            "endpointSelector: {}\negress:\n- toServices: [{ k8sServiceSelector: { selector: { matchLabels: { kind: data } } } }]"));
        ServiceTargets db = new(
            Model.Services.ResourceName.Parse("shop/db"), Labels("kind", "data"), Labels("app", "db"), [IPAddress.Parse("10.1.0.9")]);

        engine.PutService(db);
        Assert.NotEmpty(engine.Resolve().Tables);
        Assert.Equal(PolicyVerdict.Allowed, engine.Egress(Sample.Web, Sample.Db, 5432));
        engine.PutService(db with { Addresses = [] });
        Assert.Empty(engine.Resolve().Tables);
        engine.PutService(db with { PodSelector = db.PodSelector.Clear() });
        engine.Resolve();
        Assert.Equal(PolicyVerdict.DeniedByDefault, engine.Egress(Sample.Web, Sample.Db, 5432));
        Assert.Equal(PolicyVerdict.Allowed, engine.Egress(Sample.Web, engine.IdentityOf(IPAddress.Parse("10.1.0.9")), 5432));
        engine.RemoveService(db.Name);
        engine.Resolve();
        Assert.Equal(PolicyVerdict.DeniedByDefault, engine.Egress(Sample.Web, engine.IdentityOf(IPAddress.Parse("10.1.0.9")), 5432));
    }

    private static ImmutableSortedDictionary<string, string> Labels(string key, string value) =>
        ImmutableSortedDictionary<string, string>.Empty.Add(key, value);
}
