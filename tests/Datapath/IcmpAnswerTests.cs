using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Packets.Build;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>What a pod is told about packets that cannot go on: byte for byte, and when it is told nothing.</summary>
public sealed class IcmpAnswerTests(DatapathFixture datapath) : DatapathTest(datapath)
{
    /// <summary>Bytes of the packet that the answer quotes at most.</summary>
    private const int Quote = 128;

    [KernelTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(33)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(1000)]
    public void A_packet_at_the_end_of_its_time_comes_back_as_time_exceeded(int payload)
    {
        byte[] packet = Frame.From(Pod.Web, Pod.Db, ip => ip with { TimeToLive = 1 }).Udp(40000, 33434).Payload(payload).ToArray();
        Outcome outcome = Datapath.FromPod(packet);
        Assert.Equal(Verdict.Redirect, outcome.Verdict);
        outcome.ExpectReported(DropReason.TtlExceeded).ExpectPacket(Answer(packet, IcmpType.TimeExceeded, 0));
        Assert.Empty(Datapath.ConntrackAny.Keys());
    }

    [KernelFact]
    public void A_ttl_of_zero_too()
    {
        byte[] packet = Frame.From(Pod.Web, Pod.Db, ip => ip with { TimeToLive = 0 }).Tcp(1, 2, TcpFlags.Syn).ToArray();
        Datapath.FromPod(packet).ExpectReported(DropReason.TtlExceeded).ExpectPacket(Answer(packet, IcmpType.TimeExceeded, 0));
    }

    [KernelTheory]
    [InlineData(Node.OverlayMtu + 1)]
    [InlineData(1500)]
    [InlineData(3000)] // a test run takes no more than a page
    public void A_packet_too_big_comes_back_with_the_overlays_mtu(int size)
    {
        byte[] packet = UdpOfSize(size, dontFragment: true);
        Outcome outcome = Datapath.FromPod(packet);
        Assert.Equal(Verdict.Redirect, outcome.Verdict);
        outcome.ExpectReported(DropReason.FragmentationNeeded)
            .ExpectPacket(Answer(packet, IcmpType.DestinationUnreachable, 4, Node.OverlayMtu));
    }

    [KernelFact]
    public void A_packet_of_exactly_the_overlays_mtu_passes() =>
        Datapath.FromPod(UdpOfSize(Node.OverlayMtu, dontFragment: true)).ExpectForwarded(MetricDirection.Egress);

    [KernelFact]
    public void A_packet_that_may_be_fragmented_passes_at_any_size() =>
        Datapath.FromPod(UdpOfSize(1500, dontFragment: false)).ExpectForwarded(MetricDirection.Egress);

    [KernelTheory]
    [InlineData(1398, true)] // 20 + 32 + 1398 = 1450
    [InlineData(1399, false)]
    public void Segments_count_not_the_packet_that_they_are_cut_from(int segment, bool passes)
    {
        TcpLayer tcp = new(40000, 80, TcpFlags.Ack) { Options = new byte[] { 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2 } };
        byte[] packet = Frame.From(Pod.Web, Pod.Db).Add(tcp).Payload(2900).ToArray();
        Outcome outcome = Datapath.FromPod(packet, new() { GsoSize = (uint)segment, GsoSegments = 3 });
        if (passes)
        {
            outcome.ExpectForwarded(MetricDirection.Egress);
        }
        else
        {
            outcome.ExpectReported(DropReason.FragmentationNeeded).ExpectPacket(Answer(packet, IcmpType.DestinationUnreachable, 4, Node.OverlayMtu));
        }
    }

    [KernelFact]
    public void Ip_options_are_quoted_too()
    {
        byte[] options = [7, 7, 4, 0, 0, 0, 0, 0];
        byte[] packet = Frame.From(Pod.Web, Pod.Db, ip => ip with { Options = options, TimeToLive = 1 }).Udp(1, 2).Payload(200).ToArray();
        Datapath.FromPod(packet).ExpectPacket(Answer(packet, IcmpType.TimeExceeded, 0));
    }

    [KernelFact]
    public void Padding_of_the_frame_is_not_quoted()
    {
        byte[] packet = Frame.From(Pod.Web, Pod.Db, ip => ip with { TimeToLive = 1 }).Udp(1, 2).ToArray();
        Datapath.FromPod([.. packet, 1, 2, 3, 4]).ExpectPacket(Answer(packet, IcmpType.TimeExceeded, 0));
    }

    [KernelFact]
    public void An_icmp_error_is_not_answered()
    {
        byte[] quoted = Frame.Udp(Pod.Db, Pod.Web)[EthernetHeader.Size..];
        byte[] packet = Frame.From(Pod.Web, Pod.Db, ip => ip with { TimeToLive = 1 }).Icmp(IcmpType.DestinationUnreachable, 3).Payload(quoted).ToArray();
        Datapath.FromPod(packet).ExpectDrop(DropReason.TtlExceeded);
    }

    [KernelFact]
    public void A_ping_is_answered()
    {
        byte[] packet = Frame.From(Pod.Web, Pod.Db, ip => ip with { TimeToLive = 1 }).EchoRequest(1, 1).Payload(56).ToArray();
        Datapath.FromPod(packet).ExpectPacket(Answer(packet, IcmpType.TimeExceeded, 0));
    }

    [KernelFact]
    public void A_first_fragment_is_answered_a_later_one_is_not()
    {
        byte[] first = Frame.From(Pod.Web, Pod.Db, ip => ip with { TimeToLive = 1, MoreFragments = true, DontFragment = false }).Udp(1, 2).Payload(64).ToArray();
        byte[] later = Frame.From(Pod.Web, Pod.Db, ip => ip with { TimeToLive = 1, FragmentOffset = 9, DontFragment = false, ProtocolOverride = IPProtocol.Udp })
            .Payload(64).ToArray();
        Datapath.FromPod(first).ExpectPacket(Answer(first, IcmpType.TimeExceeded, 0));
        Datapath.FromPod(later).ExpectDrop(DropReason.TtlExceeded);
    }

    [KernelTheory]
    [InlineData("224.0.0.251")]
    [InlineData("255.255.255.255")]
    public void A_packet_to_many_is_not_answered(string destination)
    {
        Datapath.Learn(destination, 2, Node.West);
        byte[] packet = Frame.From(Pod.Web, Pod.Db with { Address = destination }, ip => ip with { TimeToLive = 1 }).Udp(1, 2).ToArray();
        Datapath.FromPod(packet).ExpectDrop(DropReason.TtlExceeded);
    }

    private static byte[] UdpOfSize(int size, bool dontFragment) =>
        Frame.From(Pod.Web, Pod.Db, ip => ip with { DontFragment = dontFragment }).Udp(40000, 53).Payload(size - 28).ToArray();

    /// <summary>The error that RFC 792, RFC 1191 and RFC 1812 ask for, built by other code than the datapath's.</summary>
    private static byte[] Answer(byte[] about, IcmpType type, byte code, ushort mtu = 0)
    {
        int length = Math.Min((about[16] << 8) | about[17], Quote);
        IPv4Layer ip = new(IPv4Address.Parse(Node.Router), Pod.Web.IP) { TypeOfService = 0xc0, DontFragment = true };
        return new PacketBuilder().Ethernet(Pod.Web.GatewayAddress, Pod.Web.EthernetAddress).Add(ip)
            .Icmp(type, code, mtu).Payload(about.AsMemory(EthernetHeader.Size, length)).ToArray();
    }
}
