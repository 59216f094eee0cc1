using System.Buffers.Binary;
using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>Direct server return: this node as the one that a client called, and as the one that has the backend.</summary>
public sealed class DsrTests(DatapathFixture datapath) : ServiceTest(datapath)
{
    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void A_call_goes_to_the_backends_node_as_it_came_with_the_backend_in_its_ethernet_header(Family family, Carried carried)
    {
        AddDsr(family, carried, Pod.Db);
        Segment call = Call(family, carried);
        Outcome outcome = Datapath.FromNetdev(call.ToArray()).ExpectForwardedFromNetdev().ExpectPacket(For(call.Routed(), Pod.Db).ToArray());
        Assert.Equal(0x00020400u, outcome.Mark);
        Assert.Empty(Datapath.Nat.Entries());
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void The_next_packet_of_the_flow_goes_to_the_same_backend(Family family, Carried carried)
    {
        AddDsr(family, carried, Pod.Db);
        Datapath.FromNetdev(Call(family, carried).ToArray()).ExpectForwardedFromNetdev();
        AddDsr(family, carried, Pod.Web);
        Segment next = Call(family, carried) with { Flags = TcpFlags.Ack };
        Datapath.FromNetdev(next.ToArray()).ExpectForwardedFromNetdev().ExpectPacket(For(next.Routed(), Pod.Db).ToArray());
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void A_backend_of_this_node_gets_the_call_and_answers_the_client_itself(Family family, Carried carried)
    {
        Segment call = Call(family, carried) with { Destination = Node.WestOn(family) };
        Segment translated = call with { Destination = Pod.Web.On(family), DestinationPort = BackendPort };
        Outcome outcome = FromWest(For(call, Pod.Web)).ExpectForwarded(MetricDirection.Ingress)
            .ExpectPacket(translated.Delivered(Pod.Web).ToArray());
        Assert.Equal((uint)ReservedIdentity.World, outcome.Trace(TracePoint.ToEndpoint).SrcIdentity);

        Segment answer = translated.AnswerOf(Pod.Web);
        Datapath.FromPod(answer.ToArray()).ExpectForwarded(MetricDirection.Egress)
            .ExpectPacket((answer.Routed() with { Source = call.Destination, SourcePort = Node.NodePort }).ToArray());
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_backend_that_is_not_here_or_no_backend_at_all(Family family)
    {
        Segment call = Call(family, Carried.Udp) with { Destination = Node.WestOn(family) };
        FromWest(For(call, Pod.Nobody)).ExpectDrop(DropReason.NoLocalEndpoint, MetricDirection.Ingress);
        FromWest(call).ExpectDrop(DropReason.NoLocalEndpoint, MetricDirection.Ingress);
    }

    [KernelTheory]
    [MemberData(nameof(Calls))]
    public void A_backend_of_the_called_node_is_reached_as_ever(Family family, Carried carried)
    {
        AddDsr(family, carried, Pod.Web);
        Segment call = Call(family, carried);
        Segment translated = call with { Destination = Pod.Web.On(family), DestinationPort = BackendPort };
        Datapath.FromNetdev(call.ToArray()).ExpectForwardedFromNetdev().ExpectPacket(translated.Delivered(Pod.Web).ToArray());
    }

    private void AddDsr(Family family, Carried carried, Pod backend)
    {
        AddNodePort(family, carried, backend);
        Change(NodePortKey(family, carried), service => service with { Flags = ServiceFlags.Dsr });
    }

    private Outcome FromWest(Segment packet) =>
        Datapath.FromOverlay(packet.ToArray(), new Tunnel((uint)ReservedIdentity.World, Node.Number(Node.West)));

    private static Segment Call(Family family, Carried carried) =>
        Segment.Between(Node.OutsideOn(family), 53000, Node.EastOn(family), Node.NodePort, carried);

    /// <summary>The low half of the backend's address, its port and the mark of DSR, in place of the Ethernet addresses.</summary>
    private static Segment For(Segment packet, Pod backend)
    {
        Span<byte> bytes = stackalloc byte[WeftAddress.Size + 4];
        backend.On(packet.Source.IsIPv4 ? Family.IPv4 : Family.IPv6).CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[16..], BackendPort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[18..], 0x5744);
        return packet with { ToMac = new MacAddress(bytes[8..14]), FromMac = new MacAddress(bytes[14..20]) };
    }
}
