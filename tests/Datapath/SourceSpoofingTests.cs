using Datapath.Harness;
using Weft.Abi;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>Nobody speaks for anybody else: not pods, not the node's network, not the world.</summary>
public sealed class SourceSpoofingTests(DatapathFixture datapath) : ServiceTest(datapath)
{
    [KernelTheory]
    [InlineData(Family.IPv4, "10.0.1.77")]
    [InlineData(Family.IPv4, Node.East)]
    [InlineData(Family.IPv4, Node.Router)]
    [InlineData(Family.IPv4, "127.0.0.1")]
    [InlineData(Family.IPv6, "fd00:10:1::4d")]
    [InlineData(Family.IPv6, Node.East6)]
    [InlineData(Family.IPv6, "fe80::fc55:faff:fe02:eee5")]
    [InlineData(Family.IPv6, "::1")]
    public void A_pod_sends_from_its_own_address_only(Family family, string source)
    {
        foreach (WeftAddress to in new[] { Pod.Db.On(family), Pod.Cache.On(family), Node.EastOn(family), Node.OutsideOn(family) })
        {
            Segment sent = Segment.FromPod(Pod.Web, family, 40000, to, 80, Carried.Udp) with { Source = WeftAddress.Parse(source) };
            Datapath.FromPod(sent.ToArray()).ExpectDrop(DropReason.InvalidSourceIP);
        }
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void A_pod_without_an_address_of_the_family_sends_nothing_of_it(Family family)
    {
        EndpointValue endpoint = Pod.Web.Endpoint;
        Datapath.Devices.Update(Pod.Web.IfIndex, family == Family.IPv4 ? endpoint with { Ipv4 = default } : endpoint with { Ipv6 = default });
        Segment sent = Segment.FromPod(Pod.Web, family, 40000, Pod.Db.On(family), 80, Carried.Udp);
        Datapath.FromPod(sent.ToArray()).ExpectDrop(DropReason.InvalidSourceIP);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void Pods_do_not_come_by_the_underlay(Family family)
    {
        AddNodePort(family, Carried.Udp, Pod.Web);
        foreach (Pod liar in new[] { Pod.Cache, Pod.Db })
        {
            Segment arrives = Segment.Between(liar.On(family), 53000, Pod.Web.On(family), 80, Carried.Udp);
            Datapath.FromNetdev(arrives.ToArray()).ExpectDroppedByNetdev(DropReason.InvalidSourceIP);
            Datapath.FromNetdev((arrives with { Destination = Node.EastOn(family), DestinationPort = Node.NodePort }).ToArray())
                .ExpectDroppedByNetdev(DropReason.InvalidSourceIP);
        }
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void The_nodes_own_address_does_not_come_by_the_underlay(Family family)
    {
        Segment arrives = Segment.Between(Node.EastOn(family), 53000, Pod.Web.On(family), 80, Carried.Udp);
        Datapath.FromNetdev(arrives.ToArray()).ExpectDroppedByNetdev(DropReason.InvalidSourceIP);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void Who_is_known_to_nobody_reaches_no_pod(Family family)
    {
        Datapath.Ipcache.Delete(new IpcacheKey { PrefixLen = WeftAddress.IPv4PrefixBits, Addr = AnyAddress(Family.IPv4) });
        Datapath.Ipcache.Delete(new IpcacheKey { PrefixLen = 0, Addr = AnyAddress(Family.IPv6) });
        Segment arrives = Segment.Between(Node.OutsideOn(family), 53000, Pod.Web.On(family), 80, Carried.Udp);
        Datapath.FromNetdev(arrives.ToArray()).ExpectDroppedByNetdev(DropReason.InvalidSourceIP);
        Datapath.FromHost(arrives.ToArray()).ExpectDrop(DropReason.InvalidSourceIP, MetricDirection.Ingress);
    }

    [KernelTheory]
    [MemberData(nameof(Families))]
    public void Another_node_reaches_a_pod_by_the_underlay_as_itself(Family family)
    {
        Segment arrives = Segment.Between(Node.WestOn(family), 53000, Pod.Web.On(family), 80, Carried.Udp);
        TraceRecord trace = Datapath.FromNetdev(arrives.ToArray()).ExpectForwardedFromNetdev().Trace(TracePoint.ToEndpoint);
        Assert.Equal((uint)ReservedIdentity.RemoteNode, trace.SrcIdentity);
    }
}
