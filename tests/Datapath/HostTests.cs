using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>Between pods and processes of nodes, their own and another.</summary>
public sealed class HostTests(DatapathFixture datapath) : NodeTest(datapath)
{
    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void A_pod_reaches_its_own_node_through_the_stack(Family family, Carried carried)
    {
        foreach (WeftAddress address in new[] { Node.EastOn(family), Node.RouterOn(family) })
        {
            Segment sent = Segment.FromPod(Pod.Web, family, 40000, address, 80, carried);
            Outcome outcome = Datapath.FromPod(sent.ToArray()).ExpectToStack(MetricDirection.Egress).ExpectPacket(sent.ToArray());
            TraceRecord trace = outcome.Trace(TracePoint.ToStack);
            Assert.Equal((Pod.Web.Identity, (uint)ReservedIdentity.Host, ConntrackState.New), (trace.SrcIdentity, trace.DstIdentity, trace.Reason));
            Assert.Equal(ConntrackFlags.LocalBegan, Entry(sent).Flags);
        }
    }

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void The_nodes_answer_belongs_to_the_pods_flow(Family family, Carried carried)
    {
        Segment sent = Segment.FromPod(Pod.Web, family, 40000, Node.EastOn(family), 80, carried);
        Datapath.FromPod(sent.ToArray());
        Outcome outcome = Datapath.FromHost(sent.Answer().ToArray()).ExpectForwarded(MetricDirection.Ingress)
            .ExpectPacket(sent.Answer().Delivered(Pod.Web).ToArray());
        Assert.Equal(ConntrackState.Reply, outcome.Trace(TracePoint.ToEndpoint).Reason);
        Assert.Equal(1UL, Entry(sent).RxPackets);
    }

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void The_node_reaches_a_pod_of_its_own_as_host(Family family, Carried carried)
    {
        Segment sent = FromNode(family, Pod.Web, carried);
        TraceRecord trace = Datapath.FromHost(sent.ToArray()).ExpectForwarded(MetricDirection.Ingress)
            .ExpectPacket(sent.Delivered(Pod.Web).ToArray()).Trace(TracePoint.ToEndpoint);
        Assert.Equal(((uint)ReservedIdentity.Host, Pod.Web.Identity), (trace.SrcIdentity, trace.DstIdentity));
        Assert.Equal((uint)ReservedIdentity.Host, Entry(sent, fromReceiver: true).SrcIdentity);
    }

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void The_pods_answer_goes_back_to_the_node(Family family, Carried carried)
    {
        Segment sent = FromNode(family, Pod.Web, carried);
        Datapath.FromHost(sent.ToArray());
        Segment answer = sent.AnswerOf(Pod.Web);
        Outcome outcome = Datapath.FromPod(answer.ToArray()).ExpectToStack(MetricDirection.Egress).ExpectPacket(answer.ToArray());
        Assert.Equal(ConntrackState.Reply, outcome.Trace(TracePoint.ToStack).Reason);
    }

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void The_node_reaches_a_pod_of_another_node_as_remote_node(Family family, Carried carried)
    {
        Segment sent = FromNode(family, Pod.Db, carried);
        Outcome outcome = Datapath.FromHost(sent.ToArray()).ExpectForwarded(MetricDirection.Ingress).ExpectPacket(sent.ToArray());
        Assert.Equal(0x00060400u, outcome.Mark);
        Assert.Equal(Pod.Db.Identity, outcome.Trace(TracePoint.ToOverlay).DstIdentity);
    }

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void A_pod_reaches_another_node_through_the_overlay_as_itself(Family family, Carried carried)
    {
        Segment sent = Segment.FromPod(Pod.Web, family, 40000, Node.WestOn(family), 80, carried);
        Outcome outcome = Datapath.FromPod(sent.ToArray()).ExpectForwarded(MetricDirection.Egress).ExpectPacket(sent.Routed().ToArray());
        Assert.Equal(Pod.Web.Identity << 16 | 0x400u, outcome.Mark);
    }

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void From_the_overlay_the_node_is_reached_through_the_stack(Family family, Carried carried)
    {
        Segment arrives = Segment.Between(Pod.Db.On(family), 40000, Node.EastOn(family), carried == Carried.Echo ? (ushort)0 : (ushort)80, carried);
        Outcome outcome = Datapath.FromOverlay(arrives.ToArray()).ExpectToStack(MetricDirection.Ingress).ExpectPacket(arrives.ToArray());
        Assert.Equal(Pod.Db.Identity, outcome.Trace(TracePoint.ToStack).SrcIdentity);
        Assert.Equal(0u, outcome.Mark);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_pods_address_never_comes_from_the_node(Family family)
    {
        foreach (Pod liar in new[] { Pod.Cache, Pod.Db })
        {
            Segment sent = Segment.Between(liar.On(family), 40000, Pod.Web.On(family), 80, Carried.Udp);
            Datapath.FromHost(sent.ToArray()).ExpectDrop(DropReason.InvalidSourceIP, MetricDirection.Ingress);
        }
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void What_the_node_forwards_comes_as_the_world(Family family)
    {
        Segment sent = Segment.Between(Node.OutsideOn(family), 40000, Pod.Web.On(family), 80, Carried.Udp);
        Assert.Equal((uint)ReservedIdentity.World, Datapath.FromHost(sent.ToArray()).Trace(TracePoint.ToEndpoint).SrcIdentity);
        Assert.Equal(0x00020400u, Datapath.FromHost((sent with { Destination = Pod.Db.On(family) }).ToArray()).Mark);
    }

    /// <summary>The node's netfilter may have translated the request, as for a port of the node that leads to the pod.</summary>
    [KernelTheory]
    [MemberData(nameof(Families))]
    public void Answers_to_what_the_node_forwards_go_back_through_its_stack(Family family)
    {
        Segment sent = Segment.Between(Node.OutsideOn(family), 40000, Pod.Web.On(family), 80, Carried.Udp);
        Datapath.FromHost(sent.ToArray());
        Assert.Equal(ConntrackFlags.ByStack, Entry(sent, fromReceiver: true).Flags);
        Segment answer = sent.AnswerOf(Pod.Web);
        Datapath.FromPod(answer.ToArray()).ExpectToStack(MetricDirection.Egress).ExpectPacket(answer.ToArray());
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_pod_that_is_gone_is_silent_but_resets_what_was_open(Family family)
    {
        Segment opens = Segment.Between(Node.RouterOn(family), 40000, Pod.Nobody.On(family), 80, Carried.Tcp);
        Datapath.FromHost(opens.ToArray()).ExpectDrop(DropReason.UnknownL3Target, MetricDirection.Ingress);
        Segment open = opens with { Flags = TcpFlags.Ack, Acknowledgment = 77 };
        Datapath.FromHost(open.ToArray()).ExpectAnswered(DropReason.UnknownL3Target, Reset.Of(open), MetricDirection.Ingress);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void The_routers_port_is_the_nodes_for_as_long_as_it_uses_it(Family family)
    {
        Segment sent = FromNode(family, Pod.Web, Carried.Tcp);
        Datapath.FromHost(sent.ToArray());
        NatValue mapping = Datapath.Nat[NatKey(sent, Node.RouterOn(family), 40000)];
        Assert.Equal((NatFlags.Host, sent.Source, (ushort)40000), (mapping.Flags, mapping.OrigAddr, mapping.OrigPort.Value));
    }

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void Where_the_routers_port_is_taken_the_node_gets_another(Family family, Carried carried)
    {
        Segment sent = FromNode(family, Pod.Web, carried);
        Datapath.Nat.Update(NatKey(sent, Node.RouterOn(family), 40000), new NatValue
        {
            OrigAddr = Pod.Cache.On(family),
            OrigPort = 40000,
            Created = DatapathFixture.Now,
            Expires = DatapathFixture.Now + 60,
            Flags = NatFlags.Client,
        });
        Outcome outcome = Datapath.FromHost(sent.ToArray()).ExpectForwarded(MetricDirection.Ingress);
        Segment translated = sent with { SourcePort = Entry(sent).NatPort };
        Assert.NotEqual(40000, translated.SourcePort);
        outcome.ExpectPacket(translated.Delivered(Pod.Web).ToArray());

        Datapath.FromPod(translated.AnswerOf(Pod.Web).ToArray()).ExpectToStack(MetricDirection.Egress)
            .ExpectPacket(sent.AnswerOf(Pod.Web).ToArray());
    }

    [KernelFact]
    public void A_later_fragment_that_the_node_forwards_waits_for_the_first()
    {
        IPv4Address outside = IPv4Address.Parse(Node.Outside);
        byte[] later = Frame.From(Pod.Db, Pod.Web, ip => ip with { Source = outside, Id = 77, FragmentOffset = 9, DontFragment = false, ProtocolOverride = IPProtocol.Udp })
            .Payload(64).ToArray();
        Datapath.FromHost(later).ExpectHeld();
    }

    private static Segment FromNode(Family family, Pod pod, Carried carried) =>
        Segment.Between(Node.RouterOn(family), 40000, pod.On(family), carried == Carried.Echo ? (ushort)0 : (ushort)80, carried);
}
