using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>NodePorts, and other addresses of services, from outside and from pods.</summary>
public sealed class NodePortTests(DatapathFixture datapath) : ServiceTest(datapath)
{
    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void A_pod_calls_any_node_and_reaches_the_backend(Family family, Carried carried)
    {
        AddNodePort(family, carried, Pod.Db);
        foreach (WeftAddress node in new[] { Node.EastOn(family), Node.WestOn(family) })
        {
            Segment sent = Segment.FromPod(Pod.Web, family, 40000, node, Node.NodePort, carried);
            Segment translated = sent with { Destination = Pod.Db.On(family), DestinationPort = BackendPort };
            Datapath.FromPod(sent.ToArray()).ExpectForwarded(MetricDirection.Egress).ExpectPacket(translated.Routed().ToArray());
            Datapath.FromOverlay(translated.Answer().ToArray()).ExpectPacket(sent.Answer().Delivered(Pod.Web).ToArray());
            DatapathFixture.Clear(Datapath.ConntrackAny);
            DatapathFixture.Clear(Datapath.ConntrackTcp);
        }
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void A_client_from_outside_reaches_a_backend_of_the_node(Family family, Carried carried)
    {
        AddNodePort(family, carried, Pod.Web);
        Segment call = FromOutside(family, carried);
        Segment translated = call with { Destination = Pod.Web.On(family), DestinationPort = BackendPort };
        Outcome outcome = Datapath.FromNetdev(call.ToArray()).ExpectForwardedFromNetdev().ExpectPacket(translated.Delivered(Pod.Web).ToArray());
        Assert.Equal((uint)ReservedIdentity.World, outcome.Trace(TracePoint.ToEndpoint).SrcIdentity);

        Segment answer = translated.AnswerOf(Pod.Web);
        Datapath.FromPod(answer.ToArray()).ExpectForwarded(MetricDirection.Egress)
            .ExpectPacket((answer.Routed() with { Source = call.Destination, SourcePort = Node.NodePort }).ToArray());
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void A_client_from_outside_reaches_a_backend_of_another_node_as_the_router(Family family, Carried carried)
    {
        AddNodePort(family, carried, Pod.Db);
        Segment call = FromOutside(family, carried);
        Segment translated = Through(call);
        Outcome outcome = Datapath.FromNetdev(call.ToArray()).ExpectForwardedFromNetdev().ExpectPacket(translated.ToArray());
        Assert.Equal(0x00020400u, outcome.Mark);
        NatValue mapping = Datapath.Nat[NatKey(translated, translated.Source, 53000)];
        Assert.Equal((NatFlags.Client, call.Source, call.Destination, Node.NodePort), (mapping.Flags, mapping.OrigAddr, mapping.FrontAddr, mapping.FrontPort.Value));

        Segment answer = translated.Answer();
        Outcome back = Datapath.FromOverlay(answer.ToArray()).ExpectForwarded(MetricDirection.Egress)
            .ExpectPacket((call.Answer() with { FromMac = answer.FromMac, ToMac = answer.ToMac }).Routed().ToArray());
        Assert.Equal((uint)SkbMark.Translated, back.Mark);
        Assert.Equal(1UL, Entry(call, fromReceiver: true, scope: ConntrackScope.Service).TxPackets);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void Two_clients_with_the_same_port_get_two_of_the_routers(Family family)
    {
        AddNodePort(family, Carried.Udp, Pod.Db);
        Segment one = FromOutside(family, Carried.Udp);
        Segment two = one with { Source = WeftAddress.Parse(family == Family.IPv4 ? "203.0.113.10" : "2001:db8:99::10") };
        Datapath.FromNetdev(one.ToArray()).ExpectForwardedFromNetdev();
        Datapath.FromNetdev(two.ToArray()).ExpectForwardedFromNetdev();
        ushort port = Entry(two, fromReceiver: true, scope: ConntrackScope.Service).NatPort;
        Assert.NotEqual(53000, port);
        Datapath.FromOverlay((Through(two) with { SourcePort = port }).Answer().ToArray()).ExpectPacket(two.Answer().Routed().ToArray());
        Datapath.FromOverlay(Through(one).Answer().ToArray()).ExpectPacket(one.Answer().Routed().ToArray());
    }

    /// <summary>The same client port, the same backend, but two names of the service: the answers must come from the right one.</summary>
    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_client_that_calls_by_two_names_is_answered_from_each(Family family)
    {
        AddNodePort(family, Carried.Udp, Pod.Db);
        Datapath.Learn(External(family).ToString(), (uint)ReservedIdentity.World, node: null, flags: IpcacheFlags.Service);
        Add(new ServiceKey { Addr = External(family), Port = Port, Proto = 17 }, new ServiceValue { Id = ServiceId + 1 }, family, Pod.Db);
        Segment one = FromOutside(family, Carried.Udp);
        Segment two = one with { Destination = External(family), DestinationPort = Port };
        Datapath.FromNetdev(one.ToArray()).ExpectForwardedFromNetdev();
        Datapath.FromNetdev(two.ToArray()).ExpectForwardedFromNetdev();
        ushort port = Entry(two, fromReceiver: true, scope: ConntrackScope.Service).NatPort;
        Datapath.FromOverlay((Through(two) with { SourcePort = port }).Answer().ToArray()).ExpectPacket(two.Answer().Routed().ToArray());
        Datapath.FromOverlay(Through(one).Answer().ToArray()).ExpectPacket(one.Answer().Routed().ToArray());
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void Only_clients_of_its_source_ranges_may_use_a_service_that_has_them(Family family)
    {
        AddNodePort(family, Carried.Udp, Pod.Web);
        Change(NodePortKey(family, Carried.Udp), service => service with { Flags = ServiceFlags.SourceRanges });
        Segment call = FromOutside(family, Carried.Udp);
        Datapath.FromNetdev(call.ToArray()).ExpectDroppedByNetdev(DropReason.SourceRange);
        uint bits = family == Family.IPv4 ? 32u + 96 + 24 : 32 + 64;
        Datapath.SourceRanges.Update(new SourceRangeKey { PrefixLen = bits, ServiceId = ServiceId, Addr = call.Source }, 1);
        Datapath.FromNetdev(call.ToArray()).ExpectForwardedFromNetdev();
        Datapath.FromNetdev((call with { Source = WeftAddress.Parse(family == Family.IPv4 ? "203.0.114.9" : "2001:db8:9a::9") }).ToArray())
            .ExpectDroppedByNetdev(DropReason.SourceRange);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_routers_error_about_an_answer_reaches_the_backend_whatever_the_source_ranges(Family family)
    {
        AddNodePort(family, Carried.Udp, Pod.Web);
        Segment call = FromOutside(family, Carried.Udp);
        Datapath.FromNetdev(call.ToArray());
        Change(NodePortKey(family, Carried.Udp), service => service with { Flags = ServiceFlags.SourceRanges });
        uint bits = family == Family.IPv4 ? 32u + 96 + 32 : 32 + 128;
        Datapath.SourceRanges.Update(new SourceRangeKey { PrefixLen = bits, ServiceId = ServiceId, Addr = call.Source }, 1);
        Segment hop = new(WeftAddress.Parse(family == Family.IPv4 ? "198.51.100.1" : "2001:db8:51::1"), 0, call.Destination, 0, Carried.Echo);
        Outcome outcome = Datapath.FromNetdev(IcmpError.TooBig(family, 1300).Quoting(hop, call.Answer().Quoted(family == Family.IPv4 ? 28 : 48)))
            .ExpectForwardedFromNetdev();
        Assert.Equal(ConntrackState.Related, outcome.Trace(TracePoint.ToEndpoint).Reason);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_cluster_ip_is_not_for_the_world(Family family)
    {
        AddClusterIP(family, Carried.Tcp, Pod.Web);
        Change(new ServiceKey { Addr = ClusterIP(family), Port = Port, Proto = 6 }, service => service with { Flags = ServiceFlags.ClusterOnly });
        Segment call = FromOutside(family, Carried.Tcp) with { Destination = ClusterIP(family), DestinationPort = Port };
        Datapath.FromNetdev(call.ToArray()).ExpectDroppedByNetdev(DropReason.ClusterIP);
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void Without_a_backend_the_client_is_refused(Family family, Carried carried)
    {
        AddNodePort(family, carried);
        Segment call = FromOutside(family, carried);
        byte[] refusal = carried == Carried.Tcp ? Reset.Of(call) : IcmpError.PortUnreachable(family).About(call);
        Outcome outcome = Datapath.FromNetdev(call.ToArray()).ExpectAnswered(DropReason.NoBackend, refusal, MetricDirection.Ingress);
        Assert.Equal((uint)SkbMark.Translated, outcome.Mark);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_call_too_big_for_the_overlay_is_answered_by_the_node(Family family)
    {
        AddNodePort(family, Carried.Udp, Pod.Db);
        Segment call = FromOutside(family, Carried.Udp) with { Payload = 1450 };
        Datapath.FromNetdev(call.ToArray()).ExpectAnswered(
            DropReason.FragmentationNeeded, IcmpError.TooBig(family, Node.OverlayMtu).From(Node.EastOn(family)).About(call), MetricDirection.Ingress);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_call_at_the_end_of_its_time_is_answered_by_the_node(Family family)
    {
        AddNodePort(family, Carried.Udp, Pod.Db);
        Segment call = FromOutside(family, Carried.Udp) with { TimeToLive = 1 };
        Datapath.FromNetdev(call.ToArray()).ExpectAnswered(
            DropReason.TtlExceeded, IcmpError.TimeExceeded(family).From(Node.EastOn(family)).About(call), MetricDirection.Ingress);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void By_maglev_a_flow_has_the_same_backend_on_every_node_at_any_time(Family family)
    {
        AddNodePort(family, Carried.Udp, Pod.Web, Pod.Db);
        Change(NodePortKey(family, Carried.Udp), service => service with { Flags = ServiceFlags.Maglev });
        AddMaglev(Pod.Web, Pod.Db);
        HashSet<uint> seen = [];
        for (ushort port = 53000; port < 53032; port++)
        {
            Segment call = FromOutside(family, Carried.Udp) with { SourcePort = port };
            Datapath.FromNetdev(call.ToArray());
            uint backend = Entry(call, fromReceiver: true, scope: ConntrackScope.Service).BackendId;
            Forget(call, fromReceiver: true, scope: ConntrackScope.Service);
            Datapath.FromNetdev(call.ToArray());
            Assert.Equal(backend, Entry(call, fromReceiver: true, scope: ConntrackScope.Service).BackendId);
            seen.Add(backend);
        }

        Assert.Equal(2, seen.Count);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void Clients_from_outside_are_known_by_their_address(Family family)
    {
        AddNodePort(family, Carried.Tcp, Pod.Web, Pod.Db, Pod.Cache);
        Change(NodePortKey(family, Carried.Tcp), service => service with { AffinityTimeout = 60 });
        uint first = 0;
        for (ushort port = 53000; port < 53016; port++)
        {
            Segment call = FromOutside(family, Carried.Tcp) with { SourcePort = port };
            Datapath.FromNetdev(call.ToArray());
            uint backend = Entry(call, fromReceiver: true, scope: ConntrackScope.Service).BackendId;
            first = first == 0 ? backend : first;
            Assert.Equal(first, backend);
        }

        Assert.True(Datapath.Affinity.TryLookup(new AffinityKey { Client = Node.OutsideOn(family), ServiceId = ServiceId }, out _));
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void Fragments_of_a_call_follow_the_first(Family family)
    {
        AddNodePort(family, Carried.Udp, Pod.Db);
        Segment call = FromOutside(family, Carried.Udp) with { Payload = 100 };
        (byte[] first, byte[] later) = call.Fragments(64);
        (byte[] expectedFirst, byte[] expectedLater) = Through(call).Fragments(64);
        Datapath.FromNetdev(first).ExpectForwardedFromNetdev().ExpectPacket(expectedFirst);
        Datapath.FromNetdev(later).ExpectForwardedFromNetdev().ExpectPacket(expectedLater);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_port_outside_the_range_is_the_nodes(Family family)
    {
        AddNodePort(family, Carried.Tcp, Pod.Web);
        Datapath.FromNetdev((FromOutside(family, Carried.Tcp) with { DestinationPort = 22 }).ToArray()).ExpectIgnoredByNetdev();
        Datapath.FromNetdev((FromOutside(family, Carried.Tcp) with { DestinationPort = Node.NodePort + 1 }).ToArray()).ExpectIgnoredByNetdev();
    }

    private static Segment FromOutside(Family family, Carried carried) =>
        Segment.Between(Node.OutsideOn(family), 53000, Node.EastOn(family), Node.NodePort, carried);

    private static WeftAddress External(Family family) => WeftAddress.Parse(family == Family.IPv4 ? "192.0.2.7" : "2001:db8:7::7");

    /// <summary>As it goes into the overlay, to Db from the router.</summary>
    private static Segment Through(Segment call)
    {
        Family family = call.Source.IsIPv4 ? Family.IPv4 : Family.IPv6;
        return call.Routed() with { Source = Node.RouterOn(family), Destination = Pod.Db.On(family), DestinationPort = BackendPort };
    }
}
