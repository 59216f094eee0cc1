using Datapath.Harness;
using Weft.Abi;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>What an endpoint's policy does to its packets: Web and Cache on this node, Db behind the overlay.</summary>
public sealed class PolicyTests(DatapathFixture datapath) : NodeTest(datapath)
{
    private const string DenyAll = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: deny, namespace: shop}
        spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
        """;

    private const string WebToDb = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: web-to-db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: web}}
          policyTypes: [Egress]
          egress:
          - to: [{podSelector: {matchLabels: {app: db}}}]
            ports: [{port: 80}, {port: 80, protocol: UDP}]
        """;

    private const string CacheFromDb = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: cache-from-db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: cache}}
          ingress:
          - from: [{podSelector: {matchLabels: {app: db}}}]
            ports: [{port: 80}, {port: 80, protocol: UDP}]
        """;

    private const string DenyDb = """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: deny-db, namespace: shop}
        spec:
          endpointSelector: {matchLabels: {app: web}}
          egressDeny:
          - toEndpoints: [{matchLabels: {app: db}}]
            toPorts: [{ports: [{port: "80", protocol: ANY}]}]
        """;

    private const string Pings = """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: {name: pings, namespace: shop}
        spec:
          endpointSelector: {}
          egress:
          - icmps: [{fields: [{type: 8, family: IPv4}, {type: 128, family: IPv6}]}]
        """;

    private const string ToTheRange = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: range, namespace: shop}
        spec:
          podSelector: {}
          policyTypes: [Egress]
          egress:
          - to:
            - ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.8/29]}
            - ipBlock: {cidr: "2001:db8:99::/48", except: ["2001:db8:99::8/125"]}
        """;

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void What_no_rule_allows_is_dropped_at_the_sender_and_leaves_nothing(Family family, Carried carried)
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        node.Apply(DenyAll);

        Segment sent = ToDb(family, carried);
        Outcome outcome = Datapath.FromPod(sent.ToArray()).ExpectDrop(DropReason.Policy);

        Assert.Equal($"policy Egress DeniedByDefault peer 8589 80/{(byte)sent.Protocol} ByNobody from 3663", Verdict(outcome));
        Assert.False(HasEntry(sent));
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void What_a_rule_allows_goes_and_is_told_once(Family family, Carried carried)
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        node.Apply($"{DenyAll}\n---\n{WebToDb}");
        uint rule = node.Decide(Pod.Web, TrafficDirection.Egress, new(Pod.Db.Identity), (byte)ToDb(family, carried).Protocol, 80).Entry!.Value.Rule!.Number;

        Outcome first = Datapath.FromPod(ToDb(family, carried).ToArray()).ExpectForwarded(MetricDirection.Egress);
        Outcome second = Datapath.FromPod(ToDb(family, carried).ToArray()).ExpectForwarded(MetricDirection.Egress);

        Assert.Equal($"policy Egress Allowed peer 8589 80/{(byte)ToDb(family, carried).Protocol} None from 3663", Verdict(first));
        Assert.Equal(rule, first.Events.Single(seen => seen.Type == EventType.Policy).Policy.Rule);
        Assert.Null(Verdict(second));
        Datapath.FromPod((ToDb(family, carried) with { DestinationPort = 81 }).ToArray()).ExpectDrop(DropReason.Policy);
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void A_deny_rule_has_a_reason_of_its_own(Family family, Carried carried)
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        node.Apply($"{WebToDb}\n---\n{DenyDb}");
        Datapath.FromPod(ToDb(family, carried).ToArray()).ExpectDrop(DropReason.PolicyDeny);
    }

    [KernelTheory]
    [InlineData("toEntities: [all]", "toEndpoints: [{matchLabels: {app: db}}]", DropReason.PolicyDeny)]
    [InlineData("toEndpoints: [{matchLabels: {app: db}}]", "toEntities: [all]", DropReason.PolicyDeny)]
    [InlineData("toEndpoints: [{matchLabels: {app: nobody}}]", "toEntities: [all]", DropReason.Forwarded)]
    public void A_broad_deny_beats_a_narrow_permission_whoever_each_is_for(string denied, string allowed, DropReason expected)
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        node.Apply($$$"""
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: broad, namespace: shop}
            spec:
              endpointSelector: {matchLabels: {app: web}}
              egressDeny:
              - {{{denied}}}
                toPorts: [ { ports: [ { port: "1", endPort: 1000, protocol: UDP } ] } ]
              egress:
              - {{{allowed}}}
                toPorts: [ { ports: [ { port: "80", protocol: UDP } ] } ]
            """);
        Assert.Contains(expected, Datapath.FromPod(ToDb(Family.IPv4, Carried.Udp).ToArray()).Metrics.Keys.Select(counted => counted.Reason));
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void The_receiver_decides_by_the_identity_in_the_vni(Family family, Carried carried)
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        node.Apply($"{DenyAll}\n---\n{CacheFromDb}");
        Segment sent = Segment.Between(Pod.Db.On(family), 40000, Pod.Cache.On(family), 80, carried);

        Datapath.FromOverlay(sent.ToArray()).ExpectForwarded(MetricDirection.Ingress);
        Outcome other = Datapath.FromOverlay((sent with { SourcePort = 40001 }).ToArray(), new Tunnel(8590, Node.Number(Node.West)));

        other.ExpectDrop(DropReason.Policy, MetricDirection.Ingress);
        Assert.Equal($"policy Ingress DeniedByDefault peer 8590 80/{(byte)sent.Protocol} ByNobody from 923", Verdict(other));
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void Between_pods_of_one_node_both_decide(Family family, Carried carried)
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        node.Apply(CacheFromDb);
        Segment sent = Segment.FromPod(Pod.Web, family, 40000, Pod.Cache.On(family), 80, carried);

        Outcome outcome = Datapath.FromPod(sent.ToArray());

        Assert.Equal(Harness.Verdict.Drop, outcome.Verdict);
        Assert.Equal($"policy Ingress DeniedByDefault peer 37483 80/{(byte)sent.Protocol} ByNobody from 923", Verdict(outcome));
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void The_answer_to_what_may_be_asked_needs_no_rule(Family family, Carried carried)
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        node.Apply($"{DenyAll}\n---\n{WebToDb}");
        Datapath.FromPod(ToDb(family, carried).ToArray());
        Datapath.FromOverlay(ToDb(family, carried).Answer().ToArray()).ExpectForwarded(MetricDirection.Ingress);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void An_error_about_what_may_be_asked_needs_no_rule_and_one_about_nothing_does(Family family)
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        node.Apply($"{DenyAll}\n---\n{WebToDb}");
        Segment sent = ToDb(family, Carried.Udp);
        Segment envelope = Segment.Between(Pod.Db.On(family), 0, Pod.Web.On(family), 0, Carried.Echo);
        byte[] error = IcmpError.PortUnreachable(family).Quoting(envelope, sent.Quoted(family == Family.IPv4 ? 28 : 48));

        Datapath.FromOverlay(error).ExpectDrop(DropReason.Policy, MetricDirection.Ingress);
        Datapath.FromPod(sent.ToArray());
        Datapath.FromOverlay(error).ExpectForwarded(MetricDirection.Ingress);
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void A_flow_that_is_no_longer_allowed_stops_both_ways_and_goes_on_when_it_is_again(Family family, Carried carried)
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        Segment sent = ToDb(family, carried);
        Segment more = sent with { Flags = Weft.Packets.TcpFlags.Ack };
        Datapath.FromPod(sent.ToArray()).ExpectForwarded(MetricDirection.Egress);
        Datapath.FromOverlay(sent.Answer().ToArray()).ExpectForwarded(MetricDirection.Ingress);

        node.Apply(DenyAll);
        Outcome stopped = Datapath.FromPod(more.ToArray()).ExpectDrop(DropReason.Policy);
        Datapath.FromOverlay(sent.Answer().ToArray()).ExpectDrop(DropReason.Policy, MetricDirection.Ingress);
        node.Apply(WebToDb);
        Datapath.FromPod(more.ToArray()).ExpectForwarded(MetricDirection.Egress);
        Datapath.FromOverlay(sent.Answer().ToArray()).ExpectForwarded(MetricDirection.Ingress);

        Assert.Equal($"policy Egress DeniedByDefault peer 8589 80/{(byte)sent.Protocol} Revised, ByNobody from 3663", Verdict(stopped));
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void An_audited_endpoint_is_told_what_would_be_and_loses_nothing(Family family)
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        node.Audit(Pod.Web, true);
        node.Apply(DenyAll);
        Segment sent = ToDb(family, Carried.Udp);

        Outcome first = Datapath.FromPod(sent.ToArray()).ExpectForwarded(MetricDirection.Egress);
        Outcome second = Datapath.FromPod(sent.ToArray()).ExpectForwarded(MetricDirection.Egress);
        node.Audit(Pod.Web, false);
        Datapath.FromPod(sent.ToArray()).ExpectDrop(DropReason.Policy);

        Assert.Equal("policy Egress DeniedByDefault peer 8589 80/17 Audit, ByNobody from 3663", Verdict(first));
        Assert.Null(Verdict(second));
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_ping_is_allowed_by_its_type_and_its_answer_by_the_ping(Family family)
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        node.Apply(Pings);
        Segment ping = ToDb(family, Carried.Echo);

        Datapath.FromPod(ping.ToArray()).ExpectForwarded(MetricDirection.Egress);
        Datapath.FromOverlay(ping.Answer().ToArray()).ExpectForwarded(MetricDirection.Ingress);
        node.Apply(WebToDb.Replace("web-to-db", "pings-not-again", StringComparison.Ordinal));
        Datapath.FromOverlay(ping.Answer().ToArray()).ExpectForwarded(MetricDirection.Ingress);

        Datapath.FromPod(ToDb(family, Carried.Tcp).ToArray()).ExpectForwarded(MetricDirection.Egress);
        Datapath.FromPod((ToDb(family, Carried.Tcp) with { DestinationPort = 443 }).ToArray()).ExpectDrop(DropReason.Policy);
    }

    [KernelTheory]
    [InlineData("203.0.113.9", false)]
    [InlineData("203.0.113.7", true)]
    [InlineData("203.0.114.7", false)]
    [InlineData("2001:db8:99::9", false)]
    [InlineData("2001:db8:99::7", true)]
    [InlineData("2001:db8:98::7", false)]
    public void Addresses_outside_are_told_apart_by_the_prefixes_of_rules(string address, bool isAllowed)
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        node.Apply(ToTheRange);
        Family family = address.Contains(':', StringComparison.Ordinal) ? Family.IPv6 : Family.IPv4;

        Outcome outcome = Datapath.FromPod(Segment.FromPod(Pod.Web, family, 40000, WeftAddress.Parse(address), 443, Carried.Tcp).ToArray());

        Assert.Equal(!isAllowed, outcome.Metrics.ContainsKey((DropReason.Policy, MetricDirection.Egress)));
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void The_number_of_a_prefix_stays_on_the_node(Family family)
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        node.Apply(ToTheRange.Replace("Egress", "Ingress", StringComparison.Ordinal).Replace("egress", "ingress", StringComparison.Ordinal).Replace("to:", "from:", StringComparison.Ordinal));
        WeftAddress inside = WeftAddress.Parse(family == Family.IPv4 ? "203.0.113.7" : "2001:db8:99::7");
        Tunnel world = new((uint)ReservedIdentity.World, Node.Number(Node.West));

        // A node that passes a client on says that it is the world's; which part of it, its address says.
        Datapath.FromOverlay(Segment.Between(inside, 40000, Pod.Web.On(family), 80, Carried.Tcp).ToArray(), world).ExpectForwarded(MetricDirection.Ingress);
        Datapath.FromOverlay(Segment.Between(Node.OutsideOn(family), 40000, Pod.Web.On(family), 80, Carried.Tcp).ToArray(), world)
            .ExpectDrop(DropReason.Policy, MetricDirection.Ingress);
        Datapath.FromOverlay(Segment.Between(Node.WestRouterOn(family), 40000, Pod.Web.On(family), 80, Carried.Tcp).ToArray(), world)
            .ExpectDrop(DropReason.Policy, MetricDirection.Ingress);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void The_node_reaches_its_pods_though_nothing_says_so(Family family)
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        node.Apply(DenyAll);
        Datapath.FromHost(Segment.Between(Node.RouterOn(family), 40000, Pod.Web.On(family), 80, Carried.Tcp).ToArray())
            .ExpectForwarded(MetricDirection.Ingress);
        Datapath.FromPod(Segment.FromPod(Pod.Web, family, 40000, Node.RouterOn(family), 80, Carried.Tcp).ToArray()).ExpectDrop(DropReason.Policy);
    }

    [KernelTheory]
    [InlineData(EnforcementMode.Never, EnforcementMode.Default, false)]
    [InlineData(EnforcementMode.Default, EnforcementMode.Never, true)]
    public void A_mode_switches_one_direction(EnforcementMode egress, EnforcementMode ingress, bool egressIsDropped)
    {
        using PolicyNode node = PolicyNode.Shop(Datapath, new PolicyOptions { Egress = egress, Ingress = ingress });
        node.Apply(DenyAll);
        Outcome leaving = Datapath.FromPod(ToDb(Family.IPv4, Carried.Udp).ToArray());
        Outcome coming = Datapath.FromOverlay(Segment.Between(Pod.Db.Key, 1, Pod.Web.Key, 2, Carried.Udp).ToArray());

        Assert.Equal(egressIsDropped, leaving.Verdict == Harness.Verdict.Drop);
        Assert.Equal(!egressIsDropped, coming.Verdict == Harness.Verdict.Drop);
    }

    [KernelFact]
    public void Always_means_also_whom_no_policy_selects()
    {
        using PolicyNode node = PolicyNode.Shop(Datapath, new PolicyOptions { Egress = EnforcementMode.Always });
        node.Resolve();
        Datapath.FromPod(ToDb(Family.IPv4, Carried.Udp).ToArray()).ExpectDrop(DropReason.Policy);
    }

    [KernelFact]
    public void A_denial_is_told_to_whoever_asks_for_drops_and_a_permission_only_to_who_asks_for_verdicts()
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        node.Apply($"{DenyAll}\n---\n{WebToDb}");
        Datapath.Runtime.Events = EventMask.Drop;
        Assert.Null(Verdict(Datapath.FromPod(ToDb(Family.IPv4, Carried.Udp).ToArray())));
        Assert.NotNull(Verdict(Datapath.FromPod((ToDb(Family.IPv4, Carried.Udp) with { DestinationPort = 81 }).ToArray())));
    }

    [KernelFact]
    public void A_policy_that_goes_leaves_nothing_in_the_maps()
    {
        using PolicyNode node = PolicyNode.Shop(Datapath);
        node.Apply($"{DenyAll}\n---\n{WebToDb}\n---\n{DenyDb}");
        foreach (PolicyDocument document in node.Engine.Policies.ToArray())
        {
            node.Engine.RemovePolicy(document.Name);
        }

        node.Resolve();

        Datapath.FromPod(ToDb(Family.IPv4, Carried.Udp).ToArray()).ExpectForwarded(MetricDirection.Egress);
        Assert.Empty(Datapath.Programs.Map("weft_policies").As<uint, uint>().Keys());
        Assert.Equal(EndpointFlags.None, Datapath.Devices[Pod.Web.IfIndex].Flags);
        Eventually.Passes(() =>
        {
            node.Resolve();
            Assert.Equal(0, node.RuleCount);
        });
    }

    [KernelFact]
    public void Rules_stay_for_a_while_after_their_last_use_as_a_program_may_be_about_to_read_them()
    {
        ManualClock clock = new();
        using PolicyNode node = PolicyNode.Shop(Datapath, clock: clock);
        for (int use = 0; use < 2; use++)
        {
            node.Apply(WebToDb);
            node.Engine.RemovePolicy(node.Engine.Policies.Single().Name);
            node.Resolve();
            clock.Advance(TimeSpan.FromSeconds(0.6));
        }

        node.Resolve();
        Assert.NotEqual(0, node.RuleCount);
        clock.Advance(TimeSpan.FromSeconds(0.6));
        node.Resolve();
        Assert.Equal(0, node.RuleCount);
    }

    private static string? Verdict(Outcome outcome) =>
        outcome.Events.SingleOrDefault(seen => seen.Type == EventType.Policy)?.ToString();

    private static Segment ToDb(Family family, Carried carried) => Segment.FromPod(Pod.Web, family, 40000, Pod.Db.On(family), 80, carried);
}
