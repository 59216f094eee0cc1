using System.Net;
using Weft.Datapath.Devices;
using Weft.Linux;
using Weft.Netlink;
using Weft.Tests.Shared;

namespace Weft.Datapath.Tests;

public sealed class HostRoutesTests : IDisposable
{
    private static readonly IPAddress s_router = IPAddress.Parse("10.0.1.1");
    private static readonly IPAddress s_router6 = IPAddress.Parse("fd00:10:0:1::1");
    private static readonly HostRoute s_own = new(IPNetwork.Parse("10.0.1.0/24"), s_router, 1450);
    private static readonly HostRoute s_own6 = new(IPNetwork.Parse("fd00:10:0:1::/64"), s_router6, 1450);
    private static readonly HostRoute s_remote = new(IPNetwork.Parse("10.0.2.0/24"), s_router, 1450);
    private static readonly HostRoute s_remote6 = new(IPNetwork.Parse("fd00:10:0:2::/64"), s_router6, 1450);

    private readonly TestNamespace _node = TestNamespace.Create("node");
    private readonly RtNetlink _netlink;
    private readonly HostRoutes _routes;
    private readonly IfIndex _device;

    public HostRoutesTests()
    {
        _netlink = RtNetlink.Open(_node.Handle);
        _routes = new HostRoutes(_netlink);
        _device = _node.Run(() => HostDevices.Ensure(_netlink, 1500, [s_router, s_router6])).Pair.Host;
    }

    public void Dispose()
    {
        _netlink.Dispose();
        _node.Dispose();
    }

    [KernelFact]
    public void Routes_lead_to_the_host_device_from_the_routers_address()
    {
        Apply(s_own, s_own6, s_remote, s_remote6);

        string ipv4 = _node.Exec("ip", "route");
        Assert.Contains("10.0.1.0/24 via 10.0.1.1 dev weft_host proto 87 src 10.0.1.1 mtu 1450", ipv4, StringComparison.Ordinal);
        Assert.Contains("10.0.2.0/24 via 10.0.1.1 dev weft_host proto 87 src 10.0.1.1 mtu 1450", ipv4, StringComparison.Ordinal);
        string ipv6 = _node.Exec("ip", "-6", "route");
        Assert.Contains("fd00:10:0:1::/64 dev weft_host proto 87 src fd00:10:0:1::1 metric 1024 mtu 1450", ipv6, StringComparison.Ordinal);
        Assert.Contains("fd00:10:0:2::/64 dev weft_host proto 87 src fd00:10:0:1::1 metric 1024 mtu 1450", ipv6, StringComparison.Ordinal);
        Assert.Contains("dev weft_host src 10.0.1.1", _node.Exec("ip", "route", "get", "10.0.2.9"), StringComparison.Ordinal);
        Assert.Contains("dev weft_host", _node.Exec("ip", "route", "get", "fd00:10:0:2::9"), StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_route_that_is_gone_comes_back_and_one_that_differs_is_put_right()
    {
        Apply(s_own, s_own6, s_remote6);
        _node.Exec("ip", "route", "del", "10.0.1.0/24");
        _node.Exec("ip", "-6", "route", "del", "fd00:10:0:2::/64");

        Apply(s_own with { Mtu = 1400 }, s_own6 with { Mtu = 1400 }, s_remote6);

        Assert.Contains("10.0.1.0/24 via 10.0.1.1 dev weft_host proto 87 src 10.0.1.1 mtu 1400", _node.Exec("ip", "route"), StringComparison.Ordinal);
        Assert.Equal(3, _routes.List().Count);
        Assert.Contains(_routes.List(), route => route.Destination == s_own6.Destination && route.Mtu == 1400);
    }

    [KernelFact]
    public void The_route_of_a_node_that_went_is_removed_unless_the_others_are_to_be_kept()
    {
        Apply(s_own, s_remote, s_remote6);

        Assert.Empty(_routes.Apply(_device, [s_own], keepOthers: true));
        Assert.Equal(3, _routes.List().Count);

        Apply(s_own);
        Assert.Equal(s_own.Destination, Assert.Single(_routes.List()).Destination);
    }

    [KernelFact]
    public void A_foreign_route_is_neither_replaced_nor_removed_and_keeps_no_other_from_being_made()
    {
        _node.Exec("ip", "link", "set", "lo", "up");
        _node.Exec("ip", "route", "add", "10.0.2.0/24", "dev", "lo");
        _node.Exec("ip", "-6", "route", "add", "fd00:10:0:2::/64", "dev", "lo", "metric", "1024");

        IReadOnlyList<string> failures = _routes.Apply(_device, [s_remote, s_remote6, s_own, s_own6], keepOthers: false);

        Assert.Equal(2, failures.Count);
        Assert.Contains("10.0.2.0/24", failures[0], StringComparison.Ordinal);
        Assert.Equal([s_own.Destination, s_own6.Destination], _routes.List().Select(route => route.Destination));
        Assert.Contains("10.0.2.0/24 dev lo", _node.Exec("ip", "route"), StringComparison.Ordinal);
        Assert.Contains("fd00:10:0:2::/64 dev lo", _node.Exec("ip", "-6", "route"), StringComparison.Ordinal);
    }

    [KernelFact]
    public void Routes_go_with_the_devices()
    {
        Apply(s_own, s_own6, s_remote, s_remote6);

        HostDevices.Remove(_netlink);

        Assert.Empty(_routes.List());
    }

    private void Apply(params HostRoute[] wanted) => Assert.Empty(_routes.Apply(_device, wanted, keepOthers: false));
}
