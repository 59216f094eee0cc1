using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Policy.Resolution;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>The node itself under policy: what is for its processes, and what they send.</summary>
public sealed class HostFirewallTests(HostFirewallFixture firewall) : IClassFixture<HostFirewallFixture>, IDisposable
{
    private const string OnlySsh = """
        apiVersion: cilium.io/v2
        kind: CiliumClusterwideNetworkPolicy
        metadata: {name: only-ssh}
        spec:
          nodeSelector: {matchLabels: {kubernetes.io/hostname: bpf1}}
          ingress:
          - fromEntities: [world]
            toPorts: [{ports: [{port: "22"}]}]
          - fromEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: shop, app: web}}]
            toPorts: [{ports: [{port: "9100"}]}]
          - fromEntities: [remote-node]
            toPorts: [{ports: [{port: "4240"}]}]
        """;

    private const string OnlyDns = """
        apiVersion: cilium.io/v2
        kind: CiliumClusterwideNetworkPolicy
        metadata: {name: only-dns}
        spec:
          nodeSelector: {}
          egress:
          - toEntities: [world]
            toPorts: [{ports: [{port: "53", protocol: UDP}]}]
          - toEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: shop, app: web}}]
        """;

    private readonly PolicyNode _node = firewall.Open();

    private DatapathFixture Datapath => firewall.Datapath;

    public static TheoryData<Family> Families => [Family.IPv4, Family.IPv6];

    public void Dispose() => _node.Dispose();

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void The_world_reaches_what_a_rule_allows_and_the_answer_goes_back(Family family)
    {
        _node.Apply(OnlySsh);
        Segment ssh = FromWorld(family, 22, Carried.Tcp);

        Datapath.FromNetdev(ssh.ToArray()).ExpectIgnoredByNetdev();
        Outcome answer = Datapath.ToNetdev(ssh.Answer().ToArray());

        answer.Expect(answer.Verdict == Verdict.Next, "the answer of the node must leave");
        Datapath.FromNetdev(FromWorld(family, 23, Carried.Tcp).ToArray()).ExpectDroppedByNetdev(DropReason.Policy);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_node_that_no_policy_selects_is_left_alone(Family family)
    {
        _node.Apply(OnlySsh.Replace("bpf1", "bpf2", StringComparison.Ordinal));
        Datapath.FromNetdev(FromWorld(family, 23, Carried.Tcp).ToArray()).ExpectIgnoredByNetdev();
        Assert.False(Datapath.ConntrackTcp.TryLookup(FromWorld(family, 23, Carried.Tcp).Key(fromReceiver: true), out _));
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_pod_reaches_its_node_where_a_rule_says_so(Family family)
    {
        _node.Apply(OnlySsh);
        Datapath.FromPod(Segment.FromPod(Pod.Web, family, 40000, Node.RouterOn(family), 9100, Carried.Tcp).ToArray()).ExpectToStack(MetricDirection.Egress);
        Datapath.FromPod(Segment.FromPod(Pod.Web, family, 40000, Node.EastOn(family), 9101, Carried.Tcp).ToArray()).ExpectDrop(DropReason.Policy, MetricDirection.Ingress);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void Another_node_reaches_it_through_the_overlay_where_a_rule_says_so(Family family)
    {
        _node.Apply(OnlySsh);
        Tunnel node = new((uint)ReservedIdentity.RemoteNode, Node.Number(Node.West));
        Datapath.FromOverlay(Segment.Between(Node.WestRouterOn(family), 40000, Node.RouterOn(family), 4240, Carried.Tcp).ToArray(), node)
            .ExpectToStack(MetricDirection.Ingress);
        Datapath.FromOverlay(Segment.Between(Node.WestRouterOn(family), 40000, Node.RouterOn(family), 4241, Carried.Tcp).ToArray(), node)
            .ExpectDrop(DropReason.Policy, MetricDirection.Ingress);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void What_the_node_asks_is_answered_though_nobody_may_ask_it(Family family)
    {
        _node.Apply(OnlySsh);
        Segment asked = Segment.Between(Node.EastOn(family), 50000, Node.OutsideOn(family), 443, Carried.Tcp);
        Outcome leaving = Datapath.ToNetdev(asked.ToArray());
        leaving.Expect(leaving.Verdict == Verdict.Next, "nothing is said of egress");
        Datapath.FromNetdev(asked.Answer().ToArray()).ExpectIgnoredByNetdev();
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void What_the_node_sends_is_judged_too(Family family)
    {
        _node.Apply(OnlyDns);
        Outcome dns = Datapath.ToNetdev(Segment.Between(Node.EastOn(family), 50000, Node.OutsideOn(family), 53, Carried.Udp).ToArray());
        Outcome web = Datapath.ToNetdev(Segment.Between(Node.EastOn(family), 50000, Node.OutsideOn(family), 80, Carried.Tcp).ToArray());

        dns.Expect(dns.Verdict == Verdict.Next, "a rule allows it");
        web.Expect(web.Verdict == Verdict.Drop && web.Metrics.ContainsKey((DropReason.Policy, MetricDirection.Egress)), "no rule allows it");
        Datapath.FromHost(Segment.Between(Node.RouterOn(family), 50000, Pod.Web.On(family), 80, Carried.Tcp).ToArray()).ExpectForwarded(MetricDirection.Ingress);
        Datapath.FromHost(Segment.Between(Node.RouterOn(family), 50000, Pod.Cache.On(family), 80, Carried.Tcp).ToArray()).ExpectDrop(DropReason.Policy);
    }

    [KernelFact]
    public void Without_neighbours_and_overlay_there_would_be_no_node()
    {
        _node.Apply(OnlySsh);
        Segment envelope = Segment.Between(Node.WestOn(Family.IPv6), 0, Node.EastOn(Family.IPv6), 0, Carried.Echo);
        byte[] solicitation = envelope.Headers(IPProtocol.Icmpv6).Payload((byte[])[135, 0, 0, 0, 0, 0, 0, 0, .. new byte[16]]).ToArray();
        Datapath.FromNetdev(solicitation).ExpectIgnoredByNetdev();
        Segment overlay = Segment.Between(Node.WestOn(Family.IPv4), 50000, Node.EastOn(Family.IPv4), Node.TunnelPort, Carried.Udp);
        Datapath.FromNetdev(overlay.ToArray()).ExpectIgnoredByNetdev();
    }

    [KernelFact]
    public void What_has_no_ports_gets_no_further_than_to_a_node_without_policy()
    {
        byte[] gre = FromWorld(Family.IPv4, 0, Carried.Udp).Headers(IPProtocol.Gre).Payload(new byte[8]).ToArray();
        Datapath.FromNetdev(gre).ExpectIgnoredByNetdev();
        _node.Apply(OnlySsh);
        Datapath.FromNetdev(gre).ExpectDroppedByNetdev(DropReason.CtUnknownProtocol);
    }

    private static Segment FromWorld(Family family, ushort port, Carried carried) =>
        Segment.Between(Node.OutsideOn(family), 40000, Node.EastOn(family), port, carried);
}

/// <summary>The programs as an agent with a host firewall loads them.</summary>
public sealed class HostFirewallFixture : IDisposable
{
    internal DatapathFixture Datapath { get; } = new(Node.Config with { Flags = Node.Config.Flags | ConfigFlags.HostFirewall });

    public void Dispose() => Datapath.Dispose();

    internal PolicyNode Open()
    {
        Datapath.Reset();
        Datapath.LearnNodes();
        PolicyNode node = PolicyNode.Shop(Datapath, new PolicyOptions { HasHostFirewall = true });
        node.PutHost();
        return node;
    }
}
