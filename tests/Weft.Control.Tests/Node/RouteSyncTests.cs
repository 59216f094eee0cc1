using System.Net;
using Weft.Control.Node;
using Weft.Control.Tests.Cluster;
using Weft.Datapath.Devices;
using Weft.Model.Nodes;

namespace Weft.Control.Tests.Node;

public sealed class RouteSyncTests
{
    [Fact]
    public void Own_and_other_nodes_ranges_are_reached_by_the_router_of_their_family() => Assert.Equal(
        [
            Route("10.0.1.0/24", "10.0.1.1"), Route("fd00:10:0:1::/64", "fd00:10:0:1::1"),
            Route("10.0.2.0/24", "10.0.1.1"), Route("fd00:10:0:2::/64", "fd00:10:0:1::1"),
        ],
        Wanted(ClusterSample.Bpf1, ClusterSample.Bpf2).Routes);

    [Fact]
    public void A_node_without_ipv6_has_no_route_to_others_ipv6_and_nothing_is_wrong()
    {
        LocalNode local = ClusterSample.Bpf1 with { Address6 = null, PodCidr6 = null, Router6 = null };

        (IReadOnlyCollection<HostRoute> routes, List<string> refused) = Wanted(local, ClusterSample.Bpf2);

        Assert.Equal([Route("10.0.1.0/24", "10.0.1.1"), Route("10.0.2.0/24", "10.0.1.1")], routes);
        Assert.Empty(refused);
    }

    [Theory]
    [InlineData("10.0.0.0/16", "overlaps")]
    [InlineData("fd00:10:0:1::/64", "overlaps")]
    [InlineData("192.168.0.0/16", "192.168.2.61")]
    [InlineData("fd00:c0a8:2::/64", "fd00:c0a8:2::61")]
    [InlineData("192.168.2.62/31", "192.168.2.62")]
    public void A_range_that_would_cut_off_a_node_or_its_pods_gets_no_route_and_the_others_do(string range, string why)
    {
        (IReadOnlyCollection<HostRoute> routes, List<string> refused) =
            Wanted(ClusterSample.Bpf1, ClusterSample.Node("bad", "192.168.2.66", range), ClusterSample.Bpf2);

        Assert.Equal(4, routes.Count);
        Assert.Contains(why, Assert.Single(refused), StringComparison.Ordinal);
        Assert.Contains("node bad", refused[0], StringComparison.Ordinal);
    }

    private static (IReadOnlyCollection<HostRoute> Routes, List<string> Refused) Wanted(LocalNode local, params NodeRecord[] nodes) =>
        RouteSync.Wanted(local, nodes);

    private static HostRoute Route(string destination, string router) => new(IPNetwork.Parse(destination), IPAddress.Parse(router), 1450);
}
