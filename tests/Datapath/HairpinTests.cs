using Datapath.Harness;
using Weft.Abi;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>A pod whose call to a service leads back to itself: the backend sees the router, the client the service.</summary>
public sealed class HairpinTests(DatapathFixture datapath) : ServiceTest(datapath)
{
    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void The_call_comes_back_from_the_router(Family family, Carried carried)
    {
        AddClusterIP(family, carried, Pod.Web);
        Segment sent = Call(family, carried);
        Datapath.FromPod(sent.ToArray()).ExpectPassedOn().ExpectPacket(Seen(sent).Delivered(Pod.Web).ToArray());
        ConntrackValue entry = Entry(sent, scope: ConntrackScope.Service);
        Assert.Equal((ConntrackFlags.LocalBegan | ConntrackFlags.Hairpin, (ushort)40000), (entry.Flags, entry.NatPort.Value));
        Assert.Equal(ConntrackFlags.None, Entry(Seen(sent), fromReceiver: true).Flags);
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void The_answer_comes_from_the_service(Family family, Carried carried)
    {
        AddClusterIP(family, carried, Pod.Web);
        Segment sent = Call(family, carried);
        Datapath.FromPod(sent.ToArray());
        Segment answer = Seen(sent).AnswerOf(Pod.Web);
        Outcome outcome = Datapath.FromPod(answer.ToArray()).ExpectPassedOn().ExpectPacket(sent.Answer().Delivered(Pod.Web).ToArray());
        Assert.Equal(ConntrackState.Reply, outcome.Trace(TracePoint.ToEndpoint).Reason);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_low_port_becomes_one_of_translation(Family family)
    {
        AddClusterIP(family, Carried.Udp, Pod.Web);
        Segment sent = Call(family, Carried.Udp) with { SourcePort = 5353 };
        byte[] packet = Datapath.FromPod(sent.ToArray()).Packet;
        Segment seen = Seen(sent) with { SourcePort = Entry(sent, scope: ConntrackScope.Service).NatPort };
        Assert.True(seen.SourcePort >= 32768);
        Assert.Equal(seen.Delivered(Pod.Web).ToArray(), packet);
        Datapath.FromPod(seen.AnswerOf(Pod.Web).ToArray()).ExpectPassedOn().ExpectPacket(sent.Answer().Delivered(Pod.Web).ToArray());
    }

    private static Segment Call(Family family, Carried carried) =>
        Segment.FromPod(Pod.Web, family, 40000, ClusterIP(family), Port, carried);

    /// <summary>As the backend gets it.</summary>
    private static Segment Seen(Segment sent) => sent with
    {
        Source = Node.RouterOn(sent.Source.IsIPv4 ? Family.IPv4 : Family.IPv6),
        Destination = sent.Source,
        DestinationPort = BackendPort,
    };
}
