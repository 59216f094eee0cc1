using System.Net;
using System.Net.Sockets;
using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>The VNI of a packet on the underlay is the identity of its sender.</summary>
[Collection(SharedLabTests.Name)]
public sealed class IdentityOnTheWireTests(SharedLab shared)
{
    private const uint RemoteNode = 6;

    private RealLab Lab => shared.Lab;

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelFact]
    public void Equal_labels_make_one_vni_both_ways()
    {
        (OverlayPacket request, OverlayPacket reply) = Ping(Pods.West);

        Assert.Equal(Lab.Identity(Pods.East), request.Vni);
        Assert.Equal(request.Vni, reply.Vni);
    }

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelFact]
    public void Different_labels_make_two_vnis()
    {
        (OverlayPacket request, OverlayPacket reply) = Ping(Pods.Web);

        Assert.Equal(Lab.Identity(Pods.East), request.Vni);
        Assert.Equal(Lab.Identity(Pods.Web), reply.Vni);
        Assert.NotEqual(request.Vni, reply.Vni);
    }

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelFact]
    public void The_outer_packet_goes_from_node_to_node_and_the_inner_has_lost_one_hop()
    {
        (OverlayPacket request, OverlayPacket reply) = Ping(Pods.West);

        Assert.Equal(("192.168.2.61", "192.168.2.62", (byte)63), (request.OuterSource, request.OuterDestination, request.TimeToLive));
        Assert.Equal(("192.168.2.62", "192.168.2.61", (byte)63), (reply.OuterSource, reply.OuterDestination, reply.TimeToLive));
    }

    [KernelTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_pod_that_calls_another_node_keeps_its_identity_and_the_node_answers_as_one(int family)
    {
        (OverlayPacket request, OverlayPacket reply) = Ping(Pods.East, Lab.Addresses(Pods.East)[family], Lab.Addresses(Pods.WestNode)[family]);

        Assert.Equal((Lab.Identity(Pods.East), RemoteNode), (request.Vni, reply.Vni));
    }

    [KernelTheory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void A_node_that_calls_a_pod_of_another_is_a_remote_node(AddressFamily family)
    {
        string node = $"{Lab.AddressOn($"{Pods.EastNode}/weft_host", family)}";
        string pod = Lab.Addresses(Pods.Web).Single(address => IPAddress.Parse(address).AddressFamily == family);

        (OverlayPacket request, OverlayPacket reply) = Ping(Pods.EastNode, node, pod);

        Assert.Equal((RemoteNode, Lab.Identity(Pods.Web)), (request.Vni, reply.Vni));
    }

    [KernelFact]
    public void What_a_pod_sends_to_the_world_is_no_part_of_the_overlay()
    {
        using OverlayCapture capture = new(Lab.Member(Pods.EastNode));

        Lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", Lab.Addresses(Pods.Outside)[0]);
        Lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}");

        // The first packet of the pod's that is found is the second ping's.
        Assert.Equal($"{Pods.WestAddress}", capture.Next(packet => packet.InnerSource == $"{Pods.EastAddress}").InnerDestination);
    }

    private (OverlayPacket Request, OverlayPacket Reply) Ping(string to) => Ping(Pods.East, $"{Pods.EastAddress}", Lab.Address(to));

    private (OverlayPacket Request, OverlayPacket Reply) Ping(string from, string source, string destination)
    {
        using OverlayCapture capture = new(Lab.Member(Pods.EastNode));
        Lab.Exec(from, "ping", "-c", "1", "-W", "5", destination);
        OverlayPacket request = capture.Next(packet => packet.InnerSource == source && packet.InnerDestination == destination);
        OverlayPacket reply = capture.Next(packet => packet.InnerSource == destination && packet.InnerDestination == source);
        return (request, reply);
    }
}
