using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Tests.Shared;

namespace Datapath;

public sealed class FragmentTests(DatapathFixture datapath) : DatapathTest(datapath)
{
    [KernelFact]
    public void Fragments_after_the_first_belong_to_its_flow()
    {
        Datapath.FromPod(First(Pod.Web, Pod.Db, 77)).ExpectForwarded(MetricDirection.Egress);
        Outcome outcome = Datapath.FromPod(Later(Pod.Web, Pod.Db, 77)).ExpectForwarded(MetricDirection.Egress);
        Assert.Equal(ConntrackState.Established, outcome.Trace(TracePoint.ToOverlay).Reason);
        Assert.Equal(2UL, Datapath.ConntrackAny[Flow.Udp(Pod.Web, Pod.Db, 40000, 53)].TxPackets);
    }

    [KernelFact]
    public void Fragments_from_the_overlay_too()
    {
        Datapath.FromOverlay(First(Pod.Db, Pod.Web, 77)).ExpectForwarded(MetricDirection.Ingress);
        Outcome outcome = Datapath.FromOverlay(Later(Pod.Db, Pod.Web, 77)).ExpectForwarded(MetricDirection.Ingress);
        Assert.Equal(ConntrackState.Established, outcome.Trace(TracePoint.ToEndpoint).Reason);
    }

    [KernelFact]
    public void The_map_has_the_ports_of_the_first_fragment()
    {
        Datapath.FromPod(First(Pod.Web, Pod.Db, 77));
        FragmentKey key = new() { Saddr = Pod.Web.Key, Daddr = Pod.Db.Key, Id = 77, Proto = (byte)IPProtocol.Udp };
        FragmentValue seen = Datapath.Fragments[key];
        Assert.Equal((40000, 53, Pod.Web.Identity), (seen.Sport.Value, seen.Dport.Value, seen.Identity));
    }

    [KernelFact]
    public void A_later_fragment_alone_waits()
    {
        Datapath.FromPod(Later(Pod.Web, Pod.Db, 77)).ExpectHeld();
        Datapath.FromOverlay(Later(Pod.Db, Pod.Web, 77)).ExpectHeld();
    }

    [KernelFact]
    public void Another_datagrams_first_fragment_does_not_help()
    {
        Datapath.FromPod(First(Pod.Web, Pod.Db, 77));
        Datapath.FromPod(Later(Pod.Web, Pod.Db, 78)).ExpectHeld();
    }

    [KernelFact]
    public void A_later_fragment_of_what_has_no_ports_does_not_wait()
    {
        byte[] later = Frame.From(Pod.Web, Pod.Db, ip => ip with { Id = 77, FragmentOffset = 9, DontFragment = false, ProtocolOverride = IPProtocol.Sctp })
            .Payload(64).ToArray();
        Datapath.FromPod(later).ExpectDrop(DropReason.CtUnknownProtocol);
    }

    [KernelFact]
    public void A_whole_packet_is_not_remembered()
    {
        Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Db));
        Assert.Empty(Datapath.Fragments.Keys());
    }

    [KernelFact]
    public void A_first_fragment_without_the_whole_header_is_dropped()
    {
        byte[] tiny = Frame.From(Pod.Web, Pod.Db, ip => ip with { MoreFragments = true, DontFragment = false, ProtocolOverride = IPProtocol.Tcp })
            .Payload(16).ToArray();
        Datapath.FromPod(tiny).ExpectDrop(DropReason.CtInvalidHeader);
    }

    [KernelFact]
    public void The_tunnel_port_is_prohibited_in_later_fragments_too()
    {
        Datapath.FromPod(First(Pod.Web, Pod.Db, 77, Node.TunnelPort)).ExpectDrop(DropReason.EncapProhibited);
        Datapath.FromPod(Later(Pod.Web, Pod.Db, 77)).ExpectDrop(DropReason.EncapProhibited);
    }

    [KernelFact]
    public void A_fragmented_ping_passes()
    {
        byte[] first = Frame.From(Pod.Web, Pod.Db, ip => ip with { Id = 77, MoreFragments = true, DontFragment = false }).EchoRequest(7, 1).Payload(64).ToArray();
        byte[] later = Frame.From(Pod.Web, Pod.Db, ip => ip with { Id = 77, FragmentOffset = 9, DontFragment = false, ProtocolOverride = IPProtocol.Icmpv4 })
            .Payload(40).ToArray();
        Datapath.FromPod(first).ExpectForwarded(MetricDirection.Egress);
        Datapath.FromPod(later).ExpectForwarded(MetricDirection.Egress);
        Assert.Equal(2UL, Datapath.ConntrackAny[Flow.Echo(Pod.Web, Pod.Db, 7, 0)].TxPackets);
    }

    private static byte[] First(Pod sender, Pod receiver, ushort id, ushort destinationPort = 53) =>
        Frame.From(sender, receiver, ip => ip with { Id = id, MoreFragments = true, DontFragment = false })
            .Udp(40000, destinationPort).Payload(64).ToArray();

    private static byte[] Later(Pod sender, Pod receiver, ushort id) =>
        Frame.From(sender, receiver, ip => ip with { Id = id, FragmentOffset = 9, DontFragment = false, ProtocolOverride = IPProtocol.Udp })
            .Payload(64).ToArray();
}
