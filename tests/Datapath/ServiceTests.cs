using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>Services that pods call by packets, which no socket hook has translated.</summary>
public sealed class ServiceTests(DatapathFixture datapath) : ServiceTest(datapath)
{
    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void A_call_goes_to_a_backend_of_another_node_and_its_answer_comes_from_the_service(Family family, Carried carried)
    {
        AddClusterIP(family, carried, Pod.Db);
        Segment sent = Call(family, carried);
        Segment translated = sent with { Destination = Pod.Db.On(family), DestinationPort = BackendPort };
        Outcome outcome = Datapath.FromPod(sent.ToArray()).ExpectForwarded(MetricDirection.Egress).ExpectPacket(translated.Routed().ToArray());
        Assert.Equal(Pod.Db.Identity, outcome.Trace(TracePoint.ToOverlay).DstIdentity);
        Assert.Equal((IdOf(Pod.Db), ServiceId), (Entry(sent, scope: ConntrackScope.Service).BackendId, Entry(sent, scope: ConntrackScope.Service).ServiceId));
        Assert.Equal((sent.Destination, Port, ServiceId), (Entry(translated).FrontAddr, Entry(translated).FrontPort.Value, Entry(translated).ServiceId));

        Datapath.FromOverlay(translated.Answer().ToArray()).ExpectForwarded(MetricDirection.Ingress)
            .ExpectPacket(sent.Answer().Delivered(Pod.Web).ToArray());
        Assert.Equal(1UL, Entry(translated).RxPackets);
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void A_call_goes_to_a_backend_of_the_same_node_and_back(Family family, Carried carried)
    {
        AddClusterIP(family, carried, Pod.Cache);
        Segment sent = Call(family, carried);
        Segment translated = sent with { Destination = Pod.Cache.On(family), DestinationPort = BackendPort };
        Datapath.FromPod(sent.ToArray()).ExpectPassedOn().ExpectPacket(translated.Routed().Delivered(Pod.Cache).ToArray());
        Assert.True(Entry(translated, fromReceiver: true).FrontAddr.IsNone);

        Datapath.Devices.Update(Pod.Web.IfIndex, Pod.Cache.Endpoint);
        Datapath.FromPod(translated.AnswerOf(Pod.Cache).ToArray()).ExpectPassedOn()
            .ExpectPacket(sent.Answer().Routed().Delivered(Pod.Web).ToArray());
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void A_call_goes_to_a_process_of_the_node_and_back(Family family, Carried carried)
    {
        Pod process = Pod.Cache with { Address = Node.East, Address6 = Node.East6 };
        AddClusterIP(family, carried, process);
        Segment sent = Call(family, carried);
        Segment translated = sent with { Destination = Node.EastOn(family), DestinationPort = BackendPort };
        Datapath.FromPod(sent.ToArray()).ExpectToStack(MetricDirection.Egress).ExpectPacket(translated.ToArray());
        Datapath.FromHost(translated.Answer().ToArray()).ExpectForwarded(MetricDirection.Ingress)
            .ExpectPacket(sent.Answer().Delivered(Pod.Web).ToArray());
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void A_call_goes_to_a_backend_in_the_world_with_the_nodes_address(Family family, Carried carried)
    {
        Pod outside = Pod.Db with { Address = Node.Outside, Address6 = Node.Outside6 };
        AddClusterIP(family, carried, outside);
        Segment sent = Call(family, carried);
        Segment translated = sent.Routed() with { Source = Node.EastOn(family), Destination = Node.OutsideOn(family), DestinationPort = BackendPort };
        Datapath.FromPod(sent.ToArray()).ExpectForwarded(MetricDirection.Egress).ExpectPacket(translated.ToArray());
        Datapath.FromNetdev(translated.Answer().ToArray()).ExpectForwardedFromNetdev().ExpectPacket(sent.Answer().Delivered(Pod.Web).ToArray());
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_flow_keeps_its_backend_and_flows_are_spread(Family family)
    {
        AddClusterIP(family, Carried.Udp, Pod.Db, Pod.Cache);
        HashSet<uint> seen = [];
        for (ushort port = 40000; port < 40032; port++)
        {
            Segment sent = Call(family, Carried.Udp) with { SourcePort = port };
            byte[] first = Datapath.FromPod(sent.ToArray()).Packet;
            Datapath.FromPod(sent.ToArray()).ExpectPacket(first);
            Datapath.FromPod(sent.ToArray()).ExpectPacket(first);
            seen.Add(Entry(sent, scope: ConntrackScope.Service).BackendId);
        }

        Assert.Equal(2, seen.Count);
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void Without_a_backend_the_call_is_refused_as_by_the_service_itself(Family family, Carried carried)
    {
        AddClusterIP(family, carried);
        Segment sent = Call(family, carried);
        byte[] refusal = carried == Carried.Tcp ? Reset.Of(sent) : IcmpError.PortUnreachable(family).About(sent);
        Datapath.FromPod(sent.ToArray()).ExpectAnswered(DropReason.NoBackend, refusal);
        Assert.Empty(Datapath.ConntrackTcp.Keys());
        Assert.Empty(Datapath.ConntrackAny.Keys());
    }

    [KernelFact]
    public void A_reset_is_not_answered_by_one()
    {
        AddClusterIP(Family.IPv4, Carried.Tcp);
        Segment sent = Call(Family.IPv4, Carried.Tcp) with { Flags = TcpFlags.Rst };
        Datapath.FromPod(sent.ToArray()).ExpectDrop(DropReason.NoBackend);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void When_its_backend_is_gone_a_connection_is_reset_and_a_new_one_gets_another(Family family)
    {
        AddClusterIP(family, Carried.Tcp, Pod.Db);
        Segment opens = Call(family, Carried.Tcp);
        Datapath.FromPod(opens.ToArray());
        Datapath.Backends.Delete(IdOf(Pod.Db));
        AddClusterIP(family, Carried.Tcp, Pod.Cache);
        Segment data = opens with { Flags = TcpFlags.Ack | TcpFlags.Psh, Acknowledgment = 99 };
        Datapath.FromPod(data.ToArray()).ExpectAnswered(DropReason.NoBackend, Reset.Of(data));
        Datapath.FromPod(opens.ToArray()).ExpectPassedOn();
        Assert.Equal(IdOf(Pod.Cache), Entry(opens, scope: ConntrackScope.Service).BackendId);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void When_its_backend_is_gone_a_udp_flow_gets_another(Family family)
    {
        AddClusterIP(family, Carried.Udp, Pod.Db);
        Segment sent = Call(family, Carried.Udp);
        Datapath.FromPod(sent.ToArray());
        Datapath.Backends.Delete(IdOf(Pod.Db));
        AddClusterIP(family, Carried.Udp, Pod.Cache);
        Datapath.FromPod(sent.ToArray()).ExpectPassedOn();
        Assert.Equal(IdOf(Pod.Cache), Entry(sent, scope: ConntrackScope.Service).BackendId);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_backend_in_no_list_any_more_keeps_the_flows_that_it_has(Family family)
    {
        AddClusterIP(family, Carried.Tcp, Pod.Db);
        Segment sent = Call(family, Carried.Tcp);
        byte[] first = Datapath.FromPod(sent.ToArray()).Packet;
        AddClusterIP(family, Carried.Tcp, Pod.Cache);
        Datapath.FromPod(sent.ToArray()).ExpectForwarded(MetricDirection.Egress).ExpectPacket(first);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_client_with_affinity_stays_with_its_backend(Family family)
    {
        AddClusterIP(family, Carried.Udp, Pod.Db, Pod.Cache);
        Change(Front(family, Carried.Udp), service => service with { AffinityTimeout = 100 });
        Segment sent = Call(family, Carried.Udp);
        Datapath.FromPod(sent.ToArray());
        uint backend = Entry(sent, scope: ConntrackScope.Service).BackendId;
        AffinityKey client = new() { Client = sent.Source, ServiceId = ServiceId };
        Assert.Equal(backend, Datapath.Affinity[client].BackendId);
        for (ushort port = 41000; port < 41016; port++)
        {
            Segment next = sent with { SourcePort = port };
            Datapath.FromPod(next.ToArray());
            Assert.Equal(backend, Entry(next, scope: ConntrackScope.Service).BackendId);
        }
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_port_that_is_no_service_of_the_address_is_not_translated(Family family)
    {
        AddClusterIP(family, Carried.Udp, Pod.Db);
        Segment sent = Call(family, Carried.Udp) with { DestinationPort = 81 };
        Assert.Equal(sent.Destination.ToString(), DestinationOf(Datapath.FromPod(sent.ToArray()).Packet, family));
        Assert.False(HasEntry(sent, scope: ConntrackScope.Service));
    }

    /// <summary>One client port, one backend, two names for it: each answer comes from the name that was called last.</summary>
    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_client_that_calls_a_backend_by_another_name_is_answered_from_there(Family family)
    {
        AddClusterIP(family, Carried.Udp, Pod.Db);
        Segment called = Call(family, Carried.Udp);
        Segment direct = called with { Destination = Pod.Db.On(family), DestinationPort = BackendPort };
        Datapath.FromPod(called.ToArray());
        Datapath.FromPod(direct.ToArray());
        Datapath.FromOverlay(direct.Answer().ToArray()).ExpectPacket(direct.Answer().Delivered(Pod.Web).ToArray());
        Datapath.FromPod(called.ToArray());
        Datapath.FromOverlay(direct.Answer().ToArray()).ExpectPacket(called.Answer().Delivered(Pod.Web).ToArray());
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void An_error_about_an_answer_goes_to_the_backend(Family family)
    {
        AddClusterIP(family, Carried.Udp, Pod.Db);
        Segment sent = Call(family, Carried.Udp);
        Segment translated = sent with { Destination = Pod.Db.On(family), DestinationPort = BackendPort };
        Datapath.FromPod(sent.ToArray());
        Segment pod = new(sent.Source, 0, sent.Destination, 0, Carried.Echo) { FromMac = sent.FromMac, ToMac = sent.ToMac };
        byte[] packet = Datapath.FromPod(IcmpError.PortUnreachable(family).Quoting(pod, sent.Answer().Quoted(family == Family.IPv4 ? 28 : 48)))
            .ExpectForwarded(MetricDirection.Egress).Packet;
        Assert.Equal(Pod.Db.On(family).ToString(), DestinationOf(packet, family));
        byte[] expected = IcmpError.PortUnreachable(family).Quoting(pod.Routed() with { Destination = Pod.Db.On(family) }, QuoteOf(translated.Answer(), sent.Answer(), family));
        Assert.Equal(expected, packet);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void Fragments_of_a_call_go_where_the_first_went(Family family)
    {
        AddClusterIP(family, Carried.Udp, Pod.Db);
        Segment sent = Call(family, Carried.Udp) with { Payload = 100 };
        Segment translated = (sent with { Destination = Pod.Db.On(family), DestinationPort = BackendPort }).Routed();
        (byte[] first, byte[] later) = sent.Fragments(64);
        Datapath.FromPod(first).ExpectForwarded(MetricDirection.Egress).ExpectPacket(translated.Fragments(64).First);
        Datapath.FromPod(later).ExpectForwarded(MetricDirection.Egress).ExpectPacket(translated.Fragments(64).Later);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_call_too_big_for_the_overlay_is_told_as_it_was_made(Family family)
    {
        AddClusterIP(family, Carried.Udp, Pod.Db);
        Segment sent = Call(family, Carried.Udp) with { Payload = 1450 };
        Datapath.FromPod(sent.ToArray()).ExpectAnswered(
            DropReason.FragmentationNeeded, IcmpError.TooBig(family, Node.OverlayMtu).From(Node.RouterOn(family)).About(sent));
    }

    private static Segment Call(Family family, Carried carried) =>
        Segment.FromPod(Pod.Web, family, 40000, ClusterIP(family), Port, carried);

    private static ServiceKey Front(Family family, Carried carried) =>
        new() { Addr = ClusterIP(family), Port = Port, Proto = ProtocolOf(carried) };

    private static byte[] QuoteOf(Segment packet, Segment checksumOf, Family family)
    {
        int length = family == Family.IPv4 ? 28 : 48;
        byte[] quote = packet.Quoted(length);
        checksumOf.Quoted(length).AsSpan(length - 2).CopyTo(quote.AsSpan(length - 2));
        return quote;
    }

    private static string DestinationOf(byte[] packet, Family family) => family == Family.IPv4
        ? new System.Net.IPAddress(packet.AsSpan(EthernetHeader.Size + 16, 4)).ToString()
        : new System.Net.IPAddress(packet.AsSpan(EthernetHeader.Size + 24, 16)).ToString();
}
