using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Packets.Build;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>Each reason to refuse a packet, but those about conntrack, fragments and sizes, which have their own tests.</summary>
/// <remarks>WriteError and CtInsertFailed need a kernel out of memory, and are not provoked.</remarks>
public sealed class DropTests(DatapathFixture datapath) : DatapathTest(datapath)
{
    [KernelFact]
    public void A_device_that_no_endpoint_has()
    {
        Datapath.Devices.Delete(Pod.Web.IfIndex);
        Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Db)).ExpectDrop(DropReason.NoConfig);
    }

    [KernelFact]
    public void Another_ethernet_source_than_the_pods()
    {
        byte[] packet = Frame.Udp(Pod.Web with { Mac = Pod.Cache.Mac }, Pod.Db);
        Datapath.FromPod(packet).ExpectDrop(DropReason.InvalidSourceMac);
    }

    [KernelTheory]
    [InlineData("6a:a0:5a:11:7f:6e")]
    [InlineData("ff:ff:ff:ff:ff:ff")]
    [InlineData("01:00:5e:00:00:fb")]
    public void Another_ethernet_destination_than_the_pods_gateway(string destination)
    {
        byte[] packet = Frame.Udp(Pod.Web with { NodeMac = destination }, Pod.Db);
        Datapath.FromPod(packet).ExpectDrop(DropReason.InvalidDestinationMac);
    }

    [KernelTheory]
    [InlineData("10.0.1.77")]
    [InlineData("10.0.1.181")]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    public void Another_source_address_than_the_pods(string source)
    {
        byte[] packet = Frame.Udp(Pod.Web with { Address = source }, Pod.Db);
        Datapath.FromPod(packet).ExpectDrop(DropReason.InvalidSourceIP);
    }

    public static TheoryData<string, Func<IPv4Layer, IPv4Layer>> BrokenHeaders => new()
    {
        { "longer than the frame", ip => ip with { TotalLength = 1000 } },
        { "shorter than its header", ip => ip with { TotalLength = 19 } },
    };

    [KernelTheory]
    [MemberData(nameof(BrokenHeaders), DisableDiscoveryEnumeration = true)]
    public void An_ip_header_that_contradicts_itself(string how, Func<IPv4Layer, IPv4Layer> change)
    {
        Assert.NotEmpty(how);
        Datapath.FromPod(Frame.From(Pod.Web, Pod.Db, change).Udp(1, 2).ToArray()).ExpectDrop(DropReason.InvalidPacket);
        Datapath.FromOverlay(Frame.From(Pod.Db, Pod.Web, change).Udp(1, 2).ToArray()).ExpectDrop(DropReason.InvalidPacket, MetricDirection.Ingress);
    }

    [KernelTheory]
    [InlineData(0x55)]
    [InlineData(0x44)]
    [InlineData(0x65)]
    public void An_ip_header_of_another_version_or_too_short(byte versionAndLength)
    {
        byte[] packet = Frame.Udp(Pod.Web, Pod.Db);
        packet[EthernetHeader.Size] = versionAndLength;
        Datapath.FromPod(packet).ExpectDrop(DropReason.InvalidPacket);
    }

    [KernelFact]
    public void A_protocol_that_conntrack_does_not_know()
    {
        byte[] packet = Frame.From(Pod.Web, Pod.Db, ip => ip with { ProtocolOverride = IPProtocol.Sctp }).Payload(64).ToArray();
        Datapath.FromPod(packet).ExpectDrop(DropReason.CtUnknownProtocol);
    }

    [KernelFact]
    public void Neither_arp_nor_ip_from_a_pod()
    {
        byte[] packet = new PacketBuilder().Add(new EthernetLayer(Pod.Web.EthernetAddress, Pod.Web.GatewayAddress) { Type = (EtherType)0x88cc })
            .Payload(64).ToArray();
        Datapath.FromPod(packet).ExpectDrop(DropReason.UnsupportedL3);
    }

    [KernelFact]
    public void Not_ip_from_the_overlay()
    {
        byte[] packet = new PacketBuilder().Add(new EthernetLayer(Pod.Db.EthernetAddress, Pod.Db.GatewayAddress) { Type = (EtherType)0x88cc })
            .Payload(64).ToArray();
        Datapath.FromOverlay(packet).ExpectDrop(DropReason.UnsupportedL3, MetricDirection.Ingress);
    }

    [KernelFact]
    public void An_address_that_nobody_is_known_to_have()
    {
        Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Nobody)).ExpectDrop(DropReason.UnknownL3Target);
    }

    [KernelFact]
    public void An_address_of_a_pod_that_is_gone()
    {
        Datapath.Learn(Pod.Nobody.Address, Pod.Nobody.Identity, node: null);
        Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Nobody)).ExpectDrop(DropReason.UnknownL3Target);
        Assert.Empty(Datapath.ConntrackAny.Entries());
    }

    [KernelFact]
    public void A_pod_may_not_speak_to_the_overlays_port()
    {
        Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Db, destinationPort: Node.TunnelPort)).ExpectDrop(DropReason.EncapProhibited);
        Datapath.FromPod(Frame.Tcp(Pod.Web, Pod.Db, TcpFlags.Syn, destinationPort: Node.TunnelPort)).ExpectForwarded(MetricDirection.Egress);
        Datapath.FromPod(Frame.Udp(Pod.Web, Pod.Db, sourcePort: Node.TunnelPort)).ExpectForwarded(MetricDirection.Egress);
    }

    [KernelFact]
    public void No_tunnel_key_on_arrival()
    {
        Outcome outcome = Datapath.FromOverlayBare(Frame.Udp(Pod.Db, Pod.Web)).ExpectDrop(DropReason.NoTunnelKey, MetricDirection.Ingress);
        Assert.Equal(-22, outcome.Events.Single(seen => seen.Type == EventType.Drop).Drop.ExtError);
    }

    [KernelFact]
    public void No_tunnel_key_on_departure() =>
        Datapath.ToOverlay(Frame.Udp(Pod.Web, Pod.Db)).ExpectDrop(DropReason.NoTunnelKey);

    [KernelTheory]
    [InlineData(0u)]
    [InlineData(1u)]
    public void An_identity_that_no_sender_has(uint identity) =>
        Datapath.FromOverlay(Frame.Udp(Pod.Db, Pod.Web), Tunnel.From(Pod.Db) with { Identity = identity })
            .ExpectDrop(DropReason.InvalidIdentity, MetricDirection.Ingress);

    [KernelTheory]
    [InlineData(2u)]
    [InlineData(256u)]
    [InlineData(0xffffffu)]
    public void Any_other_identity_is_taken(uint identity) =>
        Datapath.FromOverlay(Frame.Udp(Pod.Db, Pod.Web), Tunnel.From(Pod.Db) with { Identity = identity }).ExpectForwarded(MetricDirection.Ingress);

    [KernelFact]
    public void An_outer_source_that_is_no_node() =>
        Datapath.FromOverlay(Frame.Udp(Pod.Db, Pod.Web), Tunnel.From(Pod.Db) with { Sender = Node.Number(Node.Stranger) })
            .ExpectDrop(DropReason.UnknownSender, MetricDirection.Ingress);

    [KernelFact]
    public void A_pod_that_does_not_live_here() =>
        Datapath.FromOverlay(Frame.Udp(Pod.Db, Pod.Web with { Address = "10.0.1.200" })).ExpectDrop(DropReason.NoLocalEndpoint, MetricDirection.Ingress);
}
