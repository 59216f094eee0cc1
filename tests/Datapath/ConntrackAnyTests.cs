using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>Conntrack of UDP and ICMP, and of ICMP errors by what they quote.</summary>
public sealed class ConntrackAnyTests(DatapathFixture datapath) : DatapathTest(datapath)
{
    [KernelFact]
    public void Udp_there_and_back_is_one_entry()
    {
        Assert.Equal(ConntrackState.New, Sent(Frame.Udp(Pod.Web, Pod.Db, 40000, 53)));
        Assert.Equal(ConntrackState.Reply, Received(Frame.Udp(Pod.Db, Pod.Web, 53, 40000)));
        Assert.Equal(ConntrackState.Established, Sent(Frame.Udp(Pod.Web, Pod.Db, 40000, 53)));
        ConntrackValue entry = Datapath.ConntrackAny[Flow.Udp(Pod.Web, Pod.Db, 40000, 53)];
        Assert.Equal((2UL, 148UL, 1UL, 74UL), (entry.TxPackets, entry.TxBytes, entry.RxPackets, entry.RxBytes));
        Assert.InRange(entry.Expires - DatapathFixture.Now, (uint)ConntrackTimeout.Any - DatapathFixture.Slack, (uint)ConntrackTimeout.Any);
        Assert.Single(Datapath.ConntrackAny.Keys());
    }

    [KernelFact]
    public void A_ping_and_its_answer_are_one_entry()
    {
        Assert.Equal(ConntrackState.New, Sent(Frame.EchoRequest(Pod.Web, Pod.Db, 7)));
        Assert.Equal(ConntrackState.Reply, Received(Frame.EchoReply(Pod.Db, Pod.Web, 7)));
        Assert.Equal(1UL, Datapath.ConntrackAny[Flow.Echo(Pod.Web, Pod.Db, 7, 0)].RxPackets);
        Assert.Single(Datapath.ConntrackAny.Keys());
    }

    [KernelFact]
    public void Pings_that_cross_are_two_entries_even_with_the_same_identifier()
    {
        Sent(Frame.EchoRequest(Pod.Web, Pod.Db, 7));
        Assert.Equal(ConntrackState.New, Received(Frame.EchoRequest(Pod.Db, Pod.Web, 7)));
        Assert.Equal(ConntrackState.Reply, Sent(Frame.EchoReply(Pod.Web, Pod.Db, 7)));
        Assert.Equal(2, Datapath.ConntrackAny.Keys().Count());
    }

    [KernelFact]
    public void Another_identifier_is_another_flow()
    {
        Sent(Frame.EchoRequest(Pod.Web, Pod.Db, 7));
        Assert.Equal(ConntrackState.New, Received(Frame.EchoReply(Pod.Db, Pod.Web, 8)));
    }

    [KernelFact]
    public void An_entry_past_its_time_is_as_good_as_none()
    {
        Sent(Frame.Udp(Pod.Web, Pod.Db, 40000, 53));
        ConntrackKey key = Flow.Udp(Pod.Web, Pod.Db, 40000, 53);
        Datapath.ConntrackAny.Update(key, Datapath.ConntrackAny[key] with { Expires = DatapathFixture.Now - 1 });
        Assert.Equal(ConntrackState.New, Received(Frame.Udp(Pod.Db, Pod.Web, 53, 40000)));
    }

    public static TheoryData<IcmpType, byte> Errors => new()
    {
        { IcmpType.DestinationUnreachable, 3 },
        { IcmpType.DestinationUnreachable, 4 },
        { IcmpType.SourceQuench, 0 },
        { IcmpType.Redirect, 1 },
        { IcmpType.TimeExceeded, 0 },
        { IcmpType.ParameterProblem, 0 },
    };

    [KernelTheory]
    [MemberData(nameof(Errors))]
    public void An_error_about_what_the_pod_sent_is_related(IcmpType type, byte code)
    {
        byte[] question = Frame.Udp(Pod.Web, Pod.Db, 40000, 53);
        Sent(question);
        ConntrackValue before = Datapath.ConntrackAny.Entries().Single().Value;
        Assert.Equal(ConntrackState.Related, Received(Frame.Error(Pod.Db, Pod.Web, type, code, question)));
        Assert.Equal(before, Datapath.ConntrackAny.Entries().Single().Value);
    }

    [KernelFact]
    public void An_error_from_a_router_on_the_way_is_related()
    {
        byte[] question = Frame.Tcp(Pod.Web, Pod.Db, TcpFlags.Syn);
        Sent(question);
        Pod router = Pod.Db with { Address = "10.0.0.1" };
        TraceRecord trace = Datapath.FromOverlay(Frame.Error(router, Pod.Web, IcmpType.TimeExceeded, 0, question)).Trace(TracePoint.ToEndpoint);
        Assert.Equal((ConntrackState.Related, router.Key), (trace.Reason, trace.OrigAddr));
    }

    [KernelFact]
    public void An_error_that_the_pod_sends_goes_where_it_is_addressed_whatever_it_quotes()
    {
        byte[] question = Frame.Udp(Pod.Db, Pod.Web, 53, 9);
        Received(question);
        Pod other = Pod.Db with { Address = "10.0.0.24", Identity = 4711 };
        Datapath.Learn(other.Address, other.Identity, Node.West);
        TraceRecord trace = Datapath.FromPod(Frame.Error(Pod.Web, other, IcmpType.DestinationUnreachable, 3, question)).Trace(TracePoint.ToOverlay);
        Assert.Equal((ConntrackState.New, other.Identity), (trace.Reason, trace.DstIdentity));
    }

    [KernelFact]
    public void An_error_that_the_pod_sends_about_what_it_received_is_related()
    {
        byte[] question = Frame.Udp(Pod.Db, Pod.Web, 53, 9);
        Received(question);
        Assert.Equal(ConntrackState.Related, Sent(Frame.Error(Pod.Web, Pod.Db, IcmpType.DestinationUnreachable, 3, question)));
    }

    [KernelFact]
    public void An_error_about_a_ping_is_related()
    {
        byte[] question = Frame.EchoRequest(Pod.Web, Pod.Db, 7);
        Sent(question);
        Assert.Equal(ConntrackState.Related, Received(Frame.Error(Pod.Db, Pod.Web, IcmpType.DestinationUnreachable, 1, question)));
    }

    [KernelFact]
    public void An_error_about_no_flow_is_new_and_leaves_no_entry()
    {
        byte[] never = Frame.Udp(Pod.Web, Pod.Db, 40000, 53);
        Assert.Equal(ConntrackState.New, Received(Frame.Error(Pod.Db, Pod.Web, IcmpType.DestinationUnreachable, 3, never)));
        Assert.Empty(Datapath.ConntrackAny.Keys());
    }

    [KernelFact]
    public void An_error_about_another_pods_flow_is_not_related()
    {
        byte[] question = Frame.Udp(Pod.Web, Pod.Db, 40000, 53);
        Sent(question);
        Assert.Equal(ConntrackState.New, Received(Frame.Error(Pod.Db, Pod.Cache, IcmpType.DestinationUnreachable, 3, question)));
    }

    [KernelFact]
    public void An_error_that_quotes_the_wrong_way_round_is_not_related()
    {
        byte[] answer = Frame.Udp(Pod.Db, Pod.Web, 53, 40000);
        Received(answer);
        Assert.Equal(ConntrackState.New, Received(Frame.Error(Pod.Db, Pod.Web, IcmpType.DestinationUnreachable, 3, answer)));
    }

    [KernelFact]
    public void An_error_about_an_expired_flow_is_not_related()
    {
        byte[] question = Frame.Udp(Pod.Web, Pod.Db, 40000, 53);
        Sent(question);
        ConntrackKey key = Flow.Udp(Pod.Web, Pod.Db, 40000, 53);
        Datapath.ConntrackAny.Update(key, Datapath.ConntrackAny[key] with { Expires = DatapathFixture.Now - 1 });
        Assert.Equal(ConntrackState.New, Received(Frame.Error(Pod.Db, Pod.Web, IcmpType.DestinationUnreachable, 3, question)));
    }

    [KernelTheory]
    [InlineData(0)]
    [InlineData(19)]
    [InlineData(27)]
    public void An_error_that_quotes_too_little_is_dropped(int quoted)
    {
        byte[] question = Frame.Udp(Pod.Web, Pod.Db);
        Datapath.FromOverlay(Frame.Error(Pod.Db, Pod.Web, IcmpType.TimeExceeded, 0, question, quoted))
            .ExpectDrop(DropReason.CtInvalidHeader, MetricDirection.Ingress);
    }

    [KernelFact]
    public void The_padding_of_a_frame_is_not_part_of_a_quote()
    {
        byte[] question = Frame.Udp(Pod.Web, Pod.Db);
        byte[] error = Frame.Error(Pod.Db, Pod.Web, IcmpType.TimeExceeded, 0, question, quoted: 27);
        Datapath.FromOverlay([.. error, 0, 0, 0]).ExpectDrop(DropReason.CtInvalidHeader, MetricDirection.Ingress);
    }

    [KernelFact]
    public void An_error_about_an_untracked_protocol_or_a_later_fragment_is_new()
    {
        byte[] sctp = Frame.From(Pod.Web, Pod.Db, ip => ip with { ProtocolOverride = IPProtocol.Sctp }).Payload(8).ToArray();
        byte[] later = Frame.From(Pod.Web, Pod.Db, ip => ip with { FragmentOffset = 3, ProtocolOverride = IPProtocol.Udp }).Payload(8).ToArray();
        Sent(Frame.Udp(Pod.Web, Pod.Db, 1, 0x203));
        Assert.Equal(ConntrackState.New, Received(Frame.Error(Pod.Db, Pod.Web, IcmpType.TimeExceeded, 0, sctp)));
        Assert.Equal(ConntrackState.New, Received(Frame.Error(Pod.Db, Pod.Web, IcmpType.TimeExceeded, 0, later)));
    }

    private ConntrackState Sent(byte[] packet) =>
        Datapath.FromPod(packet).ExpectForwarded(MetricDirection.Egress).Trace(TracePoint.ToOverlay).Reason;

    private ConntrackState Received(byte[] packet)
    {
        return Datapath.FromOverlay(packet).ExpectForwarded(MetricDirection.Ingress).Trace(TracePoint.ToEndpoint).Reason;
    }
}
