using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>The VNI of a packet on the underlay is the identity of its sender.</summary>
[Collection(SharedLabTests.Name)]
public sealed class IdentityOnTheWireTests(SharedLab shared)
{
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

    private (OverlayPacket Request, OverlayPacket Reply) Ping(string to)
    {
        string source = $"{Pods.EastAddress}";
        string destination = Lab.Address(to);
        using OverlayCapture capture = new(Lab.Member(Pods.EastNode));
        Lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", destination);
        OverlayPacket request = capture.Next(packet => packet.InnerSource == source && packet.InnerDestination == destination);
        OverlayPacket reply = capture.Next(packet => packet.InnerSource == destination && packet.InnerDestination == source);
        return (request, reply);
    }
}
