using Datapath.Harness;
using Weft.Abi;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>Pods' flows to the world leave with the node's address, and their answers come back.</summary>
public sealed class MasqueradeTests(DatapathFixture datapath) : NodeTest(datapath)
{
    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void A_flow_to_the_world_has_the_nodes_address_and_keeps_a_port_that_is_free(Family family, Carried carried)
    {
        Segment sent = ToWorld(family, carried);
        Outcome outcome = Datapath.FromPod(sent.ToArray()).ExpectForwarded(MetricDirection.Egress).ExpectPacket(Translated(sent, 40000).ToArray());
        Assert.Equal((uint)SkbMark.Translated, outcome.Mark);
        Assert.Equal((Node.NetdevIfIndex, (uint)ReservedIdentity.World), (outcome.Trace(TracePoint.ToNetwork).IfIndex, outcome.Trace(TracePoint.ToNetwork).DstIdentity));
        Assert.Equal((ConntrackFlags.LocalBegan | ConntrackFlags.Masqueraded, (ushort)40000), (Entry(sent).Flags, Entry(sent).NatPort.Value));
        NatValue mapping = Datapath.Nat[NatKey(sent, Node.EastOn(family), 40000)];
        Assert.Equal((sent.Source, (ushort)40000, NatFlags.Pod, Entry(sent).Expires), (mapping.OrigAddr, mapping.OrigPort.Value, mapping.Flags, mapping.Expires));
    }

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void Its_answer_is_the_pods(Family family, Carried carried)
    {
        Segment sent = ToWorld(family, carried);
        Datapath.FromPod(sent.ToArray());
        Segment answer = Translated(sent, 40000).Answer();
        Outcome outcome = Datapath.FromNetdev(answer.ToArray()).ExpectForwardedFromNetdev()
            .ExpectPacket((answer with { Destination = sent.Source }).Delivered(Pod.Web).ToArray());
        TraceRecord trace = outcome.Trace(TracePoint.ToEndpoint);
        Assert.Equal((ConntrackState.Reply, (uint)ReservedIdentity.World, Pod.Web.Id), (trace.Reason, trace.SrcIdentity, trace.DstId));
        Assert.Equal((1UL, 1UL), (Entry(sent).TxPackets, Entry(sent).RxPackets));
    }

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void A_port_below_those_of_translation_becomes_one_of_them(Family family, Carried carried)
    {
        Segment sent = ToWorld(family, carried, port: 5000);
        Outcome outcome = Datapath.FromPod(sent.ToArray()).ExpectForwarded(MetricDirection.Egress);
        ushort port = Entry(sent).NatPort;
        Assert.InRange(port, (ushort)NatPorts.PortMin, (ushort)NatPorts.PortMax);
        outcome.ExpectPacket(Translated(sent, port).ToArray());
        Segment answer = Translated(sent, port).Answer();
        Datapath.FromNetdev(answer.ToArray()).ExpectForwardedFromNetdev()
            .ExpectPacket((sent.Answer() with { FromMac = answer.FromMac }).Delivered(Pod.Web).ToArray());
        Assert.Equal(Datapath.FromPod(sent.ToArray()).Packet, outcome.Packet);
    }

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void Where_the_port_is_anothers_the_flow_gets_another(Family family, Carried carried)
    {
        Segment sent = ToWorld(family, carried);
        Take(sent, 40000, expires: DatapathFixture.Now + 60);
        Outcome outcome = Datapath.FromPod(sent.ToArray()).ExpectForwarded(MetricDirection.Egress);
        ushort port = Entry(sent).NatPort;
        Assert.NotEqual(40000, port);
        outcome.ExpectPacket(Translated(sent, port).ToArray());
        Assert.Equal(Pod.Cache.On(family), Datapath.Nat[NatKey(sent, Node.EastOn(family), 40000)].OrigAddr);
    }

    [KernelFact]
    public void A_port_that_another_flow_took_meanwhile_is_given_up()
    {
        Segment sent = ToWorld(Family.IPv4, Carried.Tcp);
        Datapath.FromPod(sent.ToArray());
        Take(sent, 40000, expires: DatapathFixture.Now + 60);
        Datapath.FromPod(sent.ToArray());
        ushort port = Entry(sent).NatPort;
        Assert.NotEqual(40000, port);
        Assert.Equal(sent.Source, Datapath.Nat[NatKey(sent, Node.EastOn(Family.IPv4), port)].OrigAddr);
    }

    [KernelFact]
    public void A_mapping_past_its_time_is_anybodys()
    {
        Segment sent = ToWorld(Family.IPv4, Carried.Tcp);
        Take(sent, 40000, expires: DatapathFixture.Now - 1);
        Datapath.FromPod(sent.ToArray()).ExpectPacket(Translated(sent, 40000).ToArray());
        Assert.Equal(sent.Source, Datapath.Nat[NatKey(sent, Node.EastOn(Family.IPv4), 40000)].OrigAddr);
    }

    [KernelFact]
    public void A_mapping_that_was_lost_is_made_again()
    {
        Segment sent = ToWorld(Family.IPv4, Carried.Udp, port: 5000);
        byte[] first = Datapath.FromPod(sent.ToArray()).Packet;
        DatapathFixture.Clear(Datapath.Nat);
        Datapath.FromPod(sent.ToArray()).ExpectPacket(first);
        Assert.Single(Datapath.Nat.Keys());
    }

    [KernelFact]
    public void After_as_many_tries_as_there_are_the_packet_is_dropped()
    {
        Segment sent = ToWorld(Family.IPv4, Carried.Udp);
        HashSet<ushort> ports = [];
        for (int round = 0; round < 32; round++)
        {
            Datapath.FromPod(sent.ToArray()).ExpectForwarded(MetricDirection.Egress);
            ushort port = Entry(sent).NatPort;
            Assert.True(ports.Add(port), $"port {port} was tried twice");
            Forget(sent);
            Take(sent, port, expires: DatapathFixture.Now + 60);
        }

        Datapath.FromPod(sent.ToArray()).ExpectDrop(DropReason.NatNoMapping);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void What_is_reached_natively_keeps_the_pods_address(Family family)
    {
        Segment sent = ToWorld(family, Carried.Udp);
        Datapath.Learn(sent.Destination.ToString(), (uint)ReservedIdentity.World, node: null, flags: IpcacheFlags.Native);
        Datapath.FromPod(sent.ToArray()).ExpectForwarded(MetricDirection.Egress).ExpectPacket(sent.Routed().ToArray());
        Assert.Equal(ConntrackFlags.LocalBegan, Entry(sent).Flags);
        Assert.Empty(Datapath.Nat.Keys());
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void Without_masquerading_everything_keeps_the_pods_address(Family family)
    {
        using DatapathFixture plain = new(Node.Config with { Flags = ConfigFlags.None });
        plain.Reset();
        plain.LearnNodes();
        Segment sent = ToWorld(family, Carried.Udp);
        plain.FromPod(sent.ToArray()).ExpectForwarded(MetricDirection.Egress).ExpectPacket(sent.Routed().ToArray());
        Segment own = Segment.Between(Node.EastOn(family), 40000, sent.Destination, 53, Carried.Udp);
        plain.ToNetdev(own.ToArray()).ExpectIgnoredByNetdev(MetricDirection.Egress);
        Assert.Empty(plain.Nat.Keys());
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void The_answer_to_a_flow_from_outside_keeps_the_pods_address(Family family)
    {
        Segment arrives = Segment.Between(Node.OutsideOn(family), 53000, Pod.Web.On(family), 80, Carried.Tcp);
        Datapath.FromNetdev(arrives.ToArray()).ExpectForwardedFromNetdev().ExpectPacket(arrives.Delivered(Pod.Web).ToArray());
        Segment answer = arrives.AnswerOf(Pod.Web);
        Datapath.FromPod(answer.ToArray()).ExpectForwarded(MetricDirection.Egress).ExpectPacket(answer.Routed().ToArray());
    }

    /// <summary>Its next packet would leave with the pod's own address else, and so would all that come after it.</summary>
    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void An_answer_after_the_flow_was_lost_begins_it_as_it_was(Family family, Carried carried)
    {
        Segment sent = ToWorld(family, carried);
        byte[] translated = Datapath.FromPod(sent.ToArray()).Packet;
        Forget(sent);
        Datapath.FromNetdev(Translated(sent, 40000).Answer().ToArray()).ExpectForwardedFromNetdev();
        Assert.Equal(ConntrackFlags.LocalBegan | ConntrackFlags.Masqueraded, Entry(sent).Flags);
        Assert.Equal(Pod.Web.Identity, Entry(sent).SrcIdentity);
        Datapath.FromPod(sent.ToArray()).ExpectPacket(translated);
    }

    [KernelFact]
    public void An_answer_after_the_mappings_time_is_left_to_the_node()
    {
        Segment sent = ToWorld(Family.IPv4, Carried.Udp);
        Datapath.FromPod(sent.ToArray());
        NatKey key = NatKey(sent, Node.EastOn(Family.IPv4), 40000);
        Datapath.Nat.Update(key, Datapath.Nat[key] with { Expires = DatapathFixture.Now - 1 });
        Datapath.FromNetdev(Translated(sent, 40000).Answer().ToArray()).ExpectIgnoredByNetdev();
    }

    [KernelFact]
    public void Answers_alone_keep_the_mapping()
    {
        Segment sent = ToWorld(Family.IPv4, Carried.Udp);
        Datapath.FromPod(sent.ToArray());
        NatKey key = NatKey(sent, Node.EastOn(Family.IPv4), 40000);
        Datapath.Nat.Update(key, Datapath.Nat[key] with { Expires = DatapathFixture.Now + 20 });
        Datapath.FromNetdev(Translated(sent, 40000).Answer().ToArray()).ExpectForwardedFromNetdev();
        Assert.Equal(Entry(sent).Expires, Datapath.Nat[key].Expires);
    }

    [KernelFact]
    public void An_answer_for_a_pod_that_is_gone_is_dropped()
    {
        Segment sent = ToWorld(Family.IPv4, Carried.Udp);
        Datapath.FromPod(sent.ToArray());
        Datapath.Endpoints.Delete(Pod.Web.Key);
        Datapath.FromNetdev(Translated(sent, 40000).Answer().ToArray()).ExpectDroppedByNetdev(DropReason.NoLocalEndpoint);
    }

    [KernelTheory]
    [InlineData(Family.IPv4, 13)] // timestamp
    [InlineData(Family.IPv6, 144)] // home agent discovery
    public void Icmp_that_is_neither_echo_nor_error_cannot_be_translated(Family family, byte type)
    {
        Segment envelope = ToWorld(family, Carried.Echo);
        Datapath.FromPod(new IcmpError(type, 0).Quoting(envelope, new byte[12])).ExpectDrop(DropReason.NatUnsupported);
        Assert.Empty(Datapath.ConntrackAny.Keys());
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void Fragments_are_translated_like_the_first(Family family)
    {
        Segment sent = ToWorld(family, Carried.Udp) with { Payload = 100 };
        (byte[] first, byte[] later) = sent.Fragments(64);
        (byte[] expectedFirst, byte[] expectedLater) = Translated(sent, 40000).Fragments(64);
        Datapath.FromPod(first).ExpectForwarded(MetricDirection.Egress).ExpectPacket(expectedFirst);
        Datapath.FromPod(later).ExpectForwarded(MetricDirection.Egress).ExpectPacket(expectedLater);

        Segment answer = Translated(sent, 40000).Answer();
        Segment delivered = (answer with { Destination = sent.Source }).Delivered(Pod.Web);
        Datapath.FromNetdev(answer.Fragments(64).First).ExpectForwardedFromNetdev().ExpectPacket(delivered.Fragments(64).First);
        Datapath.FromNetdev(answer.Fragments(64).Later).ExpectForwardedFromNetdev().ExpectPacket(delivered.Fragments(64).Later);
    }

    private static Segment ToWorld(Family family, Carried carried, ushort port = 40000) =>
        Segment.FromPod(Pod.Web, family, port, Node.OutsideOn(family), 53, carried);

    /// <summary>As it leaves the node.</summary>
    private static Segment Translated(Segment sent, ushort port) => sent.Routed() with
    {
        Source = Node.EastOn(sent.Source.IsIPv4 ? Family.IPv4 : Family.IPv6),
        SourcePort = port,
    };

    /// <summary>Makes the port a flow of Cache's to the same destination.</summary>
    private void Take(Segment sent, ushort port, uint expires)
    {
        Family family = sent.Source.IsIPv4 ? Family.IPv4 : Family.IPv6;
        Datapath.Nat.Update(NatKey(sent, Node.EastOn(family), port), new NatValue
        {
            OrigAddr = Pod.Cache.On(family),
            OrigPort = 40000,
            Created = DatapathFixture.Now,
            Expires = expires,
            Flags = NatFlags.Pod,
        });
    }
}
