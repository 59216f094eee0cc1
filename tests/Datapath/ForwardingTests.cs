using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>Packets that go all the way.</summary>
public sealed class ForwardingTests(DatapathFixture datapath) : DatapathTest(datapath)
{
    [KernelFact]
    public void A_packet_to_a_pod_of_another_node_goes_into_the_overlay_with_its_ttl_one_less()
    {
        byte[] packet = Frame.Udp(Pod.Web, Pod.Db);
        Datapath.FromPod(packet).ExpectForwarded(MetricDirection.Egress).ExpectPacket(Frame.Routed(packet));
    }

    [KernelTheory]
    [InlineData(37483u, 0x926b0400u)]
    [InlineData(0x12926bu, 0x926b0412u)]
    public void The_mark_says_overlay_and_identity(uint identity, uint mark)
    {
        Datapath.Devices.Update(Pod.Web.IfIndex, Pod.Web.Endpoint with { Identity = identity });
        Assert.Equal(mark, Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Db)).Mark);
    }

    [KernelFact]
    public void A_packet_from_another_node_is_delivered_as_from_the_pods_gateway()
    {
        byte[] packet = Frame.Udp(Pod.Db, Pod.Web);
        Datapath.FromOverlay(packet).ExpectForwarded(MetricDirection.Ingress).ExpectPacket(Frame.Delivered(packet, Pod.Web));
    }

    [KernelFact]
    public void The_mark_does_not_reach_the_pod()
    {
        Outcome outcome = Datapath.FromOverlay(Frame.Udp(Pod.Db, Pod.Web), context: new() { Mark = 0x12345 });
        Assert.Equal(0u, outcome.Mark);
    }

    [KernelTheory]
    [InlineData(255)]
    [InlineData(2)]
    [Trait(Emulation.Name, Emulation.TooSlow)]
    public void The_header_checksum_is_right_after_any_ttl(byte ttl)
    {
        // The identification moves the checksum through all of its values: take a sample, and those about to carry over.
        for (int id = 0; id <= ushort.MaxValue; id++)
        {
            byte[] packet = Frame.From(Pod.Web, Pod.Db, ip => ip with { TimeToLive = ttl, Id = (ushort)id }).Udp(1, 2).ToArray();
            ushort checksum = BitConverter.ToUInt16(packet, EthernetHeader.Size + 10);
            if (id % 997 == 0 || checksum is < 2 or > 0xfffc)
            {
                Datapath.FromPod(packet).ExpectPacket(Frame.Routed(packet));
            }
        }
    }

    [KernelFact]
    public void The_longest_prefix_decides_where_a_packet_goes()
    {
        Datapath.Learn("10.0.0.0", 2, node: null, prefix: 8);
        Datapath.Learn("10.0.0.0", 6, Node.West, prefix: 24);
        Outcome outcome = Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Db)).ExpectForwarded(MetricDirection.Egress);
        Assert.Equal(Pod.Db.Identity, outcome.Trace(TracePoint.ToOverlay).DstIdentity);
    }

    [KernelFact]
    public void Header_options_do_not_hide_the_ports()
    {
        byte[] options = [7, 7, 4, 0, 0, 0, 0, 0];
        byte[] packet = Frame.From(Pod.Web, Pod.Db, ip => ip with { Options = options }).Udp(40000, 53).ToArray();
        Datapath.FromPod(packet).ExpectForwarded(MetricDirection.Egress).ExpectPacket(Frame.Routed(packet));
        Assert.True(Datapath.ConntrackAny.TryLookup(Flow.Udp(Pod.Web, Pod.Db, 40000, 53), out _));
    }

    [KernelFact]
    public void Padding_of_a_short_frame_is_left_alone()
    {
        byte[] packet = [.. Frame.Udp(Pod.Web, Pod.Db, payload: 1), 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Datapath.FromPod(packet).ExpectForwarded(MetricDirection.Egress).ExpectPacket(Frame.Routed(packet));
    }

    [KernelFact]
    public void A_packet_with_a_tunnel_key_from_elsewhere_in_the_node_is_marked_on_its_way_out()
    {
        Outcome outcome = Datapath.ToOverlayWithKey(Frame.Udp(Pod.Cache, Pod.Db), new Tunnel(30001, 0));
        Assert.Equal(Verdict.Next, outcome.Verdict);
        Assert.Equal(0x75310400u, outcome.Mark);
    }

    [KernelFact]
    public void A_marked_packet_keeps_its_mark_on_its_way_out()
    {
        Outcome outcome = Datapath.ToOverlay(Frame.Udp(Pod.Web, Pod.Db), new() { Mark = 0x926b0400 });
        Assert.Equal(Verdict.Next, outcome.Verdict);
        Assert.Equal(0x926b0400u, outcome.Mark);
        Assert.Equal(Pod.Web.Identity, outcome.Trace(TracePoint.ToOverlay).SrcIdentity);
    }

    [KernelTheory]
    [InlineData(MetricDirection.Ingress)]
    [InlineData(MetricDirection.Egress)]
    public void The_underlay_device_counts_everything_and_leaves_it_to_the_next_program(MetricDirection direction)
    {
        byte[] packet = Frame.Tcp(Pod.Web, Pod.Db, TcpFlags.Syn);
        Outcome outcome = direction == MetricDirection.Ingress ? Datapath.FromNetdev(packet) : Datapath.ToNetdev(packet);
        Assert.Equal(Verdict.Next, outcome.Verdict);
        outcome.ExpectPacket(packet).ExpectCounted(DropReason.Interface, direction);
    }
}
