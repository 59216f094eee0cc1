using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Packets.Build;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>A pod asks for its neighbours (RFC 4861) and hears that all are at its gateway.</summary>
public sealed class NeighbourDiscoveryTests(DatapathFixture datapath) : NodeTest(datapath)
{
    private static readonly WeftAddress s_web = Pod.Web.On(Family.IPv6);

    [KernelTheory]
    [InlineData(Node.Router6)]
    [InlineData(Node.West6)]
    [InlineData("2001:db8::1")]
    [InlineData("fe80::1")]
    public void Every_address_but_the_pods_own_is_at_the_gateway(string target)
    {
        WeftAddress asked = WeftAddress.Parse(target);
        Datapath.FromPod(Question(s_web, asked)).ExpectForwarded(MetricDirection.Egress).ExpectPacket(Answer(asked, s_web));
    }

    [KernelFact]
    public void A_neighbour_that_is_known_is_asked_directly_and_without_the_option()
    {
        WeftAddress asked = WeftAddress.Parse(Node.Router6);
        Datapath.FromPod(Question(s_web, asked, unicast: true)).ExpectForwarded(MetricDirection.Egress).ExpectPacket(Answer(asked, s_web));
    }

    [KernelFact]
    public void A_question_from_an_address_of_the_link_is_answered_there()
    {
        WeftAddress link = WeftAddress.Parse("fe80::fc55:faff:fe02:eee5");
        WeftAddress asked = WeftAddress.Parse(Node.Router6);
        Datapath.FromPod(Question(link, asked)).ExpectForwarded(MetricDirection.Egress).ExpectPacket(Answer(asked, link));
    }

    [KernelFact]
    public void The_pods_own_address_is_nobody_elses() => ExpectNoAnswer(Question(s_web, s_web));

    /// <summary>An answer would tell the pod that somebody else has the address: it would not use it.</summary>
    [KernelTheory]
    [InlineData("fd00:10:1::b4")]
    [InlineData("fe80::fc55:faff:fe02:eee5")]
    public void A_claim_of_an_address_is_not_contradicted(string address) =>
        ExpectNoAnswer(Question(WeftAddress.None, WeftAddress.Parse(address)));

    [KernelTheory]
    [InlineData(64, 0)]
    [InlineData(255, 1)]
    public void A_question_from_behind_a_router_or_of_another_code_is_damaged(byte hopLimit, byte code)
    {
        byte[] question = Question(s_web, WeftAddress.Parse(Node.Router6), hopLimit: hopLimit, code: code);
        Datapath.FromPod(question).ExpectDrop(DropReason.InvalidPacket);
    }

    [KernelTheory]
    [InlineData(Icmpv6Type.RouterSolicitation)]
    [InlineData(Icmpv6Type.RouterAdvertisement)]
    [InlineData(Icmpv6Type.NeighborAdvertisement)]
    [InlineData(Icmpv6Type.Redirect)]
    [InlineData(Icmpv6Type.MldReport)]
    [InlineData(Icmpv6Type.MldV2Report)]
    public void What_else_a_pod_says_to_its_link_goes_nowhere(Icmpv6Type type)
    {
        byte[] packet = new PacketBuilder().Ethernet(Pod.Web.Mac, "33:33:00:00:00:02").Add(new IPv6Layer(IPv6Address.Parse(Pod.Web.Address6), IPv6Address.Parse("ff02::2")) { HopLimit = 255 })
            .Add(new Icmpv6Layer(type, 0) { Body = new byte[20] }).ToArray();
        Datapath.FromPod(packet).ExpectDrop(DropReason.ForbiddenIcmp6);
    }

    [KernelFact]
    public void A_listener_report_behind_a_hop_by_hop_header_too()
    {
        byte[] routerAlert = [58, 0, 5, 2, 0, 0, 1, 0];
        byte[] packet = new PacketBuilder().Ethernet(Pod.Web.Mac, "33:33:00:00:00:16")
            .Add(new IPv6Layer(IPv6Address.Parse("fe80::1"), IPv6Address.Parse("ff02::16")) { HopLimit = 1, NextHeader = IPProtocol.HopByHop })
            .Payload(routerAlert).Payload(new byte[] { 143, 0, 0, 0, 0, 0, 0, 0 }).ToArray();
        Datapath.FromPod(packet).ExpectDrop(DropReason.ForbiddenIcmp6);
    }

    [KernelFact]
    public void A_question_that_is_cut_short()
    {
        byte[] whole = Question(s_web, WeftAddress.Parse(Node.Router6));
        byte[] cut = whole[..(EthernetHeader.Size + IPv6Header.Size + 20)];
        cut[EthernetHeader.Size + 5] = 20;
        Datapath.FromPod(cut).ExpectDrop(DropReason.ForbiddenIcmp6);
    }

    [KernelFact]
    public void A_packet_to_one_host_does_not_go_to_many_macs()
    {
        Segment sent = Segment.FromPod(Pod.Web, Family.IPv6, 40000, Pod.Db.On(Family.IPv6), 53, Carried.Udp) with { ToMac = MacAddress.Parse("33:33:00:00:00:01") };
        Datapath.FromPod(sent.ToArray()).ExpectDrop(DropReason.InvalidDestinationMac);
    }

    private void ExpectNoAnswer(byte[] question)
    {
        Outcome outcome = Datapath.FromPod(question).ExpectCounted(DropReason.Forwarded, MetricDirection.Egress);
        Assert.Equal(Verdict.Drop, outcome.Verdict);
        Assert.DoesNotContain(outcome.Events, seen => seen.Type == EventType.Drop);
    }

    private static byte[] Question(WeftAddress from, WeftAddress target, bool unicast = false, byte hopLimit = 255, byte code = 0)
    {
        byte[] option = unicast || from.IsNone ? [] : [1, 1, .. Bytes(Pod.Web.EthernetAddress)];
        IPv6Address to = IPv6Address.Parse(unicast ? target.ToString() : "ff02::1:ff00:9f");
        return new PacketBuilder().Ethernet(Pod.Web.EthernetAddress, unicast ? Pod.Web.GatewayAddress : MacAddress.Parse("33:33:ff:00:00:9f"))
            .Add(new IPv6Layer(IPv6Address.Parse(from.IsNone ? "::" : from.ToString()), to) { HopLimit = hopLimit })
            .Add(new Icmpv6Layer(Icmpv6Type.NeighborSolicitation, code) { Body = new byte[] { 0, 0, 0, 0 }.Concat(Bytes(target)).Concat(option).ToArray() })
            .ToArray();
    }

    private static byte[] Answer(WeftAddress asked, WeftAddress asker) =>
        new PacketBuilder().Ethernet(Pod.Web.GatewayAddress, Pod.Web.EthernetAddress)
            .Add(new IPv6Layer(IPv6Address.Parse(asked.ToString()), IPv6Address.Parse(asker.ToString())) { HopLimit = 255 })
            .Add(new Icmpv6Layer(Icmpv6Type.NeighborAdvertisement, 0)
            {
                Body = new byte[] { 0x60, 0, 0, 0 }.Concat(Bytes(asked)).Concat(new byte[] { 2, 1 }).Concat(Bytes(Pod.Web.GatewayAddress)).ToArray(),
            })
            .ToArray();

    private static byte[] Bytes(WeftAddress address)
    {
        byte[] bytes = new byte[WeftAddress.Size];
        address.CopyTo(bytes);
        return bytes;
    }

    private static byte[] Bytes(MacAddress address)
    {
        byte[] bytes = new byte[MacAddress.Size];
        address.CopyTo(bytes);
        return bytes;
    }
}
