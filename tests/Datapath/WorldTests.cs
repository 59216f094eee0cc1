using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Packets.Build;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>The edge of the node: its routes, its own flows to the world, and what is nobody's business there.</summary>
public sealed class WorldTests(DatapathFixture datapath) : NodeTest(datapath)
{
    [KernelTheory]
    [InlineData(Family.IPv4, "198.51.100.7")]
    [InlineData(Family.IPv6, "2001:db8:51::7")]
    public void Where_no_route_leads_the_pod_is_told(Family family, string destination)
    {
        Segment sent = Segment.FromPod(Pod.Web, family, 40000, WeftAddress.Parse(destination), 53, Carried.Udp);
        Datapath.FromPod(sent.ToArray()).ExpectAnswered(DropReason.FibLookup, IcmpError.NoRoute(family).From(Node.RouterOn(family)).About(sent));
        Assert.Empty(Datapath.ConntrackAny.Keys());
    }

    [KernelTheory]
    [InlineData(Family.IPv4, "203.0.113.130")]
    [InlineData(Family.IPv6, "2001:db8:99:1::7")]
    public void The_mtu_of_a_route_is_told(Family family, string destination)
    {
        Segment sent = Segment.FromPod(Pod.Web, family, 40000, WeftAddress.Parse(destination), 53, Carried.Udp);
        int headers = family == Family.IPv4 ? 28 : 48;
        Datapath.FromPod((sent with { Payload = 1300 - headers }).ToArray()).ExpectForwarded(MetricDirection.Egress);
        Segment big = sent with { Payload = 1301 - headers };
        Datapath.FromPod(big.ToArray()).ExpectAnswered(DropReason.FragmentationNeeded, IcmpError.TooBig(family, 1300).From(Node.RouterOn(family)).About(big));
    }

    [KernelFact]
    public void What_may_be_fragmented_on_the_way_is_sent()
    {
        Segment sent = Segment.FromPod(Pod.Web, Family.IPv4, 40000, WeftAddress.Parse("203.0.113.130"), 53, Carried.Udp);
        Datapath.FromPod((sent with { Payload = 1400, DontFragment = false }).ToArray()).ExpectForwarded(MetricDirection.Egress);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_packet_at_the_end_of_its_time_goes_no_further(Family family)
    {
        Segment sent = Segment.FromPod(Pod.Web, family, 40000, Node.OutsideOn(family), 53, Carried.Udp) with { TimeToLive = 1 };
        Datapath.FromPod(sent.ToArray()).ExpectAnswered(DropReason.TtlExceeded, IcmpError.TimeExceeded(family).From(Node.RouterOn(family)).About(sent));
        Assert.Empty(Datapath.Nat.Keys());
    }

    /// <summary>With route_localnet, which some tools set, the node's stack would take it.</summary>
    [KernelTheory]
    [InlineData(Family.IPv4, "127.0.0.1")]
    [InlineData(Family.IPv6, "::1")]
    public void The_nodes_loopback_is_out_of_reach(Family family, string destination) =>
        Datapath.FromPod(Segment.FromPod(Pod.Web, family, 40000, WeftAddress.Parse(destination), 80, Carried.Tcp).ToArray())
            .ExpectDrop(DropReason.UnknownL3Target);

    [KernelFact]
    public void An_address_that_only_the_node_itself_knows_to_be_its_own_is_left_to_its_stack()
    {
        Segment sent = Segment.FromPod(Pod.Web, Family.IPv4, 40000, WeftAddress.Parse("192.168.2.255"), 80, Carried.Udp);
        Datapath.FromPod(sent.ToArray()).ExpectToStack(MetricDirection.Egress).ExpectPacket(sent.ToArray());
    }

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void The_nodes_own_flow_keeps_its_port_and_no_pod_gets_it(Family family, Carried carried)
    {
        Segment own = Own(family, carried);
        Datapath.ToNetdev(own.ToArray()).ExpectIgnoredByNetdev(MetricDirection.Egress);
        Assert.Equal(NatFlags.Host, Datapath.Nat[NatKey(own, own.Source, 40000)].Flags);
        Datapath.FromNetdev(own.Answer().ToArray()).ExpectIgnoredByNetdev();

        Segment pods = Segment.FromPod(Pod.Web, family, 40000, own.Destination, 53, carried);
        Datapath.FromPod(pods.ToArray()).ExpectForwarded(MetricDirection.Egress);
        Assert.NotEqual(40000, Entry(pods).NatPort.Value);
    }

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void The_nodes_own_flow_yields_to_a_pods(Family family, Carried carried)
    {
        Segment pods = Segment.FromPod(Pod.Web, family, 40000, Node.OutsideOn(family), 53, carried);
        Datapath.FromPod(pods.ToArray());
        Segment own = Own(family, carried);
        Outcome outcome = Datapath.ToNetdev(own.ToArray());
        ushort port = Entry(own).NatPort;
        Assert.NotEqual(40000, port);
        Assert.Equal(Verdict.Next, outcome.Verdict);
        outcome.ExpectPacket((own with { SourcePort = port }).ToArray());

        Outcome back = Datapath.FromNetdev((own with { SourcePort = port }).Answer().ToArray());
        Assert.Equal(Verdict.Next, back.Verdict);
        back.ExpectPacket(own.Answer().ToArray());
    }

    [KernelTheory]
    [InlineData(SkbMark.Translated)]
    [InlineData(SkbMark.Overlay)]
    public void What_the_datapath_sends_itself_takes_no_port(SkbMark mark)
    {
        Datapath.ToNetdev(Own(Family.IPv4, Carried.Udp).ToArray(), new() { Mark = (uint)mark }).ExpectIgnoredByNetdev(MetricDirection.Egress);
        Assert.Empty(Datapath.Nat.Keys());
    }

    [KernelTheory]
    [InlineData(IPProtocol.Gre)]
    [InlineData(IPProtocol.Igmp)]
    [InlineData(IPProtocol.Sctp)]
    [InlineData(IPProtocol.Esp)]
    [InlineData(IPProtocol.Tcp)] // cut short
    [InlineData(IPProtocol.Udp)] // cut short
    public void Whatever_else_the_node_speaks_passes(IPProtocol protocol)
    {
        foreach (Family family in Enum.GetValues<Family>())
        {
            Segment own = Own(family, Carried.Udp);
            ExpectPasses(own.Headers(protocol).Payload(6).ToArray());
            ExpectPasses(own.Answer().Headers(protocol).Payload(6).ToArray());
        }
    }

    /// <summary>Their first fragments say nothing that the others could wait for.</summary>
    [KernelTheory]
    [InlineData(IPProtocol.Gre)]
    [InlineData(IPProtocol.Esp)]
    [InlineData(IPProtocol.Sctp)]
    public void Fragments_of_what_has_no_ports_pass(IPProtocol protocol)
    {
        IPv4Layer ip = new(IPv4Address.Parse(Node.Outside), IPv4Address.Parse(Node.East)) { FragmentOffset = 9, ProtocolOverride = protocol };
        ExpectPasses(new PacketBuilder().Ethernet(Segment.SenderMac, Segment.ReceiverMac).Add(ip).Payload(64).ToArray());
    }

    [KernelFact]
    public void Arp_and_frames_of_no_ip_pass()
    {
        ExpectPasses(new PacketBuilder().Ethernet(Pod.Db.EthernetAddress, MacAddress.Broadcast)
            .ArpRequest(Pod.Db.EthernetAddress, Node.West, Node.East).ToArray());
        ExpectPasses(new PacketBuilder().Add(new EthernetLayer(Pod.Db.EthernetAddress, MacAddress.Broadcast) { Type = (EtherType)0x88cc }).Payload(40).ToArray());
    }

    [KernelTheory]
    [MemberData(nameof(Kinds))]
    public void Damaged_packets_pass_or_reach_their_pod(Family family, Carried carried)
    {
        Segment answer = Own(family, carried).Answer();
        Fuzz.Mutations(answer.ToArray(), packet => Take(packet, Datapath.FromNetdev), 200);
        Fuzz.Mutations(Own(family, carried).ToArray(), packet => Take(packet, Datapath.ToNetdev), 200);
    }

    /// <summary>Nothing here is for a pod or a service unless its addresses were damaged into theirs.</summary>
    private static void Take(byte[] packet, Func<byte[], Weft.Bpf.SkBuffContext, Outcome> program)
    {
        if (packet.Length < EthernetHeader.Size + IPv6Header.Size)
        {
            return;
        }

        Outcome outcome = program(packet, default);
        outcome.Expect(outcome.Verdict is Verdict.Next or Verdict.Stack or Verdict.Redirect || outcome.IsHeld, "not left to the node");
    }

    private void ExpectPasses(byte[] packet)
    {
        Datapath.FromNetdev(packet).ExpectIgnoredByNetdev();
        Datapath.ToNetdev(packet).ExpectIgnoredByNetdev(MetricDirection.Egress);
    }

    private static Segment Own(Family family, Carried carried) =>
        Segment.Between(Node.EastOn(family), 40000, Node.OutsideOn(family), carried == Carried.Echo ? (ushort)0 : (ushort)53, carried);
}
