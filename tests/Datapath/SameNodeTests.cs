using Datapath.Harness;
using Weft.Abi;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>From pod to pod of one node: as far as two nodes, without the wire between them.</summary>
public sealed class SameNodeTests(DatapathFixture datapath) : NodeTest(datapath)
{
    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void A_packet_is_delivered_with_its_ttl_one_less_and_counted_for_both(Family family, Carried carried)
    {
        Segment sent = ToCache(family, carried);
        Datapath.FromPod(sent.ToArray()).ExpectPassedOn().ExpectPacket(sent.Routed().Delivered(Pod.Cache).ToArray());
    }

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void Each_pod_has_an_entry_and_the_answer_finds_both(Family family, Carried carried)
    {
        Segment sent = ToCache(family, carried);
        Datapath.FromPod(sent.ToArray());
        Assert.Equal((ConntrackFlags.LocalBegan, Pod.Web.Identity), (Entry(sent).Flags, Entry(sent).SrcIdentity));
        Assert.Equal((ConntrackFlags.None, Pod.Web.Identity), (Entry(sent, fromReceiver: true).Flags, Entry(sent, fromReceiver: true).SrcIdentity));

        FromCache(sent.AnswerOf(Pod.Cache)).ExpectPassedOn().ExpectPacket(sent.AnswerOf(Pod.Cache).Routed().Delivered(Pod.Web).ToArray());
        Assert.Equal((1UL, 1UL), (Entry(sent).TxPackets, Entry(sent).RxPackets));
        Assert.Equal((1UL, 1UL), (Entry(sent, fromReceiver: true).TxPackets, Entry(sent, fromReceiver: true).RxPackets));
    }

    [KernelFact]
    public void The_story_is_told_of_the_one_and_then_of_the_other()
    {
        Segment sent = ToCache(Family.IPv4, Carried.Udp);
        Outcome outcome = Datapath.FromPod(sent.ToArray());
        Assert.Equal(
            ["trace FromEndpoint Unknown from 3663", "trace ToEndpoint New from 923"],
            outcome.Events.Where(seen => seen.Type == EventType.Trace).Select(seen => seen.ToString()));
        TraceRecord arrival = outcome.Trace(TracePoint.ToEndpoint);
        Assert.Equal((Pod.Web.Identity, Pod.Cache.Identity, Pod.Cache.Id), (arrival.SrcIdentity, arrival.DstIdentity, arrival.DstId));
        Assert.Equal((Pod.Cache.IfIndex, Pod.Web.Key), (arrival.IfIndex, arrival.OrigAddr));
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void No_mark_reaches_the_other_pod(Family family) =>
        Assert.Equal(0u, Datapath.FromPod(ToCache(family, Carried.Udp).ToArray(), new() { Mark = 0x12345 }).Mark);

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_packet_at_the_end_of_its_time_goes_nowhere(Family family)
    {
        Segment sent = ToCache(family, Carried.Udp) with { TimeToLive = 1 };
        Datapath.FromPod(sent.ToArray()).ExpectAnswered(
            DropReason.TtlExceeded, IcmpError.TimeExceeded(family).From(Node.RouterOn(family)).About(sent));
        Assert.False(HasEntry(sent));
        Assert.False(HasEntry(sent, fromReceiver: true));
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_pod_may_call_itself(Family family)
    {
        Segment sent = Segment.FromPod(Pod.Web, family, 40000, Pod.Web.On(family), 80, Carried.Tcp);
        Datapath.FromPod(sent.ToArray()).ExpectPassedOn().ExpectPacket(sent.Routed().Delivered(Pod.Web).ToArray());
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void Fragments_follow_the_first(Family family)
    {
        Segment sent = ToCache(family, Carried.Udp) with { Payload = 100 };
        (byte[] first, byte[] later) = sent.Fragments(64);
        Datapath.FromPod(first).ExpectPassedOn();
        Datapath.FromPod(later).ExpectPassedOn();
        Assert.Equal(2UL, Entry(sent, fromReceiver: true).RxPackets);
    }

    private static Segment ToCache(Family family, Carried carried) =>
        Segment.FromPod(Pod.Web, family, 40000, Pod.Cache.On(family), 80, carried);

    /// <summary>A test run's device is loopback, so Cache takes it over for a packet.</summary>
    private Outcome FromCache(Segment packet)
    {
        Datapath.Devices.Update(Pod.Web.IfIndex, Pod.Cache.Endpoint);
        return Datapath.FromPod(packet.ToArray());
    }
}
