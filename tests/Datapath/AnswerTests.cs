using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>What a sender is told, in either family; <see cref="IcmpAnswerTests"/> has the details of IPv4.</summary>
public sealed class AnswerTests(DatapathFixture datapath) : ServiceTest(datapath)
{
    [KernelTheory]
    [InlineData(Family.IPv4, 0)]
    [InlineData(Family.IPv4, 99)]
    [InlineData(Family.IPv4, 101)]
    [InlineData(Family.IPv6, 0)]
    [InlineData(Family.IPv6, 1)]
    [InlineData(Family.IPv6, 79)]
    [InlineData(Family.IPv6, 81)]
    [InlineData(Family.IPv6, 1000)]
    public void A_packet_at_the_end_of_its_time_comes_back_from_the_router(Family family, int payload)
    {
        Segment sent = ToDb(family, Carried.Udp) with { TimeToLive = 1, Payload = payload };
        Datapath.FromPod(sent.ToArray()).ExpectAnswered(DropReason.TtlExceeded, IcmpError.TimeExceeded(family).From(Node.RouterOn(family)).About(sent));
        Assert.Empty(Datapath.ConntrackAny.Keys());
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_packet_too_big_comes_back_with_the_overlays_mtu(Family family)
    {
        int headers = family == Family.IPv4 ? 28 : 48;
        Datapath.FromPod((ToDb(family, Carried.Udp) with { Payload = Node.OverlayMtu - headers }).ToArray()).ExpectForwarded(MetricDirection.Egress);
        Segment big = ToDb(family, Carried.Udp) with { Payload = Node.OverlayMtu - headers + 1 };
        Datapath.FromPod(big.ToArray()).ExpectAnswered(
            DropReason.FragmentationNeeded, IcmpError.TooBig(family, Node.OverlayMtu).From(Node.RouterOn(family)).About(big));
    }

    [KernelTheory]
    [InlineData(Family.IPv4, 1410, true)]
    [InlineData(Family.IPv4, 1411, false)]
    [InlineData(Family.IPv6, 1390, true)]
    [InlineData(Family.IPv6, 1391, false)]
    public void Segments_count_not_the_packet_that_they_are_cut_from(Family family, int segment, bool passes)
    {
        Segment sent = ToDb(family, Carried.Tcp) with { Flags = TcpFlags.Ack, Payload = 2900 };
        Outcome outcome = Datapath.FromPod(sent.ToArray(), new() { GsoSize = (uint)segment, GsoSegments = 3 });
        Assert.Equal(passes ? DropReason.Forwarded : DropReason.FragmentationNeeded, outcome.Metrics.Single().Key.Reason);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void An_error_and_a_later_fragment_are_not_answered(Family family)
    {
        Segment sent = ToDb(family, Carried.Udp) with { TimeToLive = 1, Payload = 100 };
        Segment envelope = sent with { Carried = Carried.Echo };
        Datapath.FromPod(IcmpError.PortUnreachable(family).Quoting(envelope, sent.Answer().Quoted(family == Family.IPv4 ? 28 : 48)))
            .ExpectDrop(DropReason.TtlExceeded);
        Datapath.FromPod((sent with { TimeToLive = 2 }).Fragments(64).First);
        Datapath.FromPod(sent.Fragments(64).Later).ExpectDrop(DropReason.TtlExceeded);
    }

    public static TheoryData<Family, TcpFlags, int> Segments
    {
        get
        {
            TheoryData<Family, TcpFlags, int> segments = [];
            foreach (Family family in Enum.GetValues<Family>())
            {
                segments.Add(family, TcpFlags.Syn, 0);
                segments.Add(family, TcpFlags.Syn, 100); // TCP Fast Open
                segments.Add(family, TcpFlags.Syn | TcpFlags.Ack, 0);
                segments.Add(family, TcpFlags.Ack | TcpFlags.Psh, 100);
                segments.Add(family, TcpFlags.Fin | TcpFlags.Ack, 0);
                segments.Add(family, TcpFlags.Fin, 3);
                segments.Add(family, 0, 7);
            }

            return segments;
        }
    }

    [KernelTheory]
    [MemberData(nameof(Segments))]
    public void A_reset_has_the_numbers_that_the_sender_expects(Family family, TcpFlags flags, int payload)
    {
        AddClusterIP(family, Carried.Tcp);
        Segment sent = Segment.FromPod(Pod.Web, family, 40000, ClusterIP(family), Port, Carried.Tcp) with
        {
            Flags = flags,
            Payload = payload,
            Sequence = 0xfffffff0,
            Acknowledgment = flags.HasFlag(TcpFlags.Ack) ? 0x11223344u : 0,
        };
        Outcome outcome = Datapath.FromPod(sent.ToArray()).ExpectAnswered(DropReason.NoBackend, Reset.Of(sent));
        Assert.Equal((uint)SkbMark.Translated, outcome.Mark);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_connection_to_a_pod_that_is_gone_is_reset_a_new_one_is_not(Family family)
    {
        Datapath.Learn(Pod.Nobody.On(family).ToString(), Pod.Nobody.Identity, node: null);
        Segment opens = Segment.FromPod(Pod.Web, family, 40000, Pod.Nobody.On(family), 80, Carried.Tcp);
        Datapath.FromPod(opens.ToArray()).ExpectDrop(DropReason.UnknownL3Target);
        Segment open = opens with { Flags = TcpFlags.Ack, Acknowledgment = 5 };
        Datapath.FromPod(open.ToArray()).ExpectAnswered(DropReason.UnknownL3Target, Reset.Of(open));
    }

    private static Segment ToDb(Family family, Carried carried) =>
        Segment.FromPod(Pod.Web, family, 40000, Pod.Db.On(family), 53, carried);
}
