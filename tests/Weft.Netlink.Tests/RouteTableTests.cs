using System.Net;
using System.Text.Json.Nodes;
using Weft.Linux;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Netlink.Routes;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests;

public class RouteTableTests
{
    private static readonly IPNetwork s_everything = IPNetwork.Parse("0.0.0.0/0");
    private static readonly IPAddress s_gateway = IPAddress.Parse("10.0.1.1");

    [KernelFact]
    public void Routes_of_a_pod_are_what_ip_shows()
    {
        using Node node = new();
        IPAddress own = IPAddress.Parse("10.0.1.180");
        node.Netlink.Addresses.Add(new InterfaceAddress { Device = node.Device, Address = own, PrefixLength = 32 });

        node.Netlink.Routes.Add(new Route { Destination = new IPNetwork(s_gateway, 32), Device = node.Device });
        node.Netlink.Routes.Add(new Route
        {
            Destination = s_everything,
            Gateway = s_gateway,
            Device = node.Device,
            Mtu = 1450,
            AdvertisedMss = 1410,
        });

        string[] lines = node.Namespace.Exec("ip", "route").Split('\n', StringSplitOptions.TrimEntries);
        Assert.Equal("default via 10.0.1.1 dev ens3 proto static mtu 1450 advmss 1410", lines[0]);
        Assert.Equal("10.0.1.1 dev ens3 proto static scope link", lines[1]);
        Assert.Equal(1450u, Assert.Single(node.Netlink.Routes.List(), route => route.Gateway is not null).Mtu);
    }

    [KernelFact]
    public void Route_with_tunnel_key_is_what_ip_shows_and_reads_back_equal()
    {
        using Node node = new();
        node.Netlink.Links.CreateVxlan("vx", new VxlanSettings { CollectMetadata = true }, new LinkSettings { Up = true });
        Route wanted = new()
        {
            Destination = IPNetwork.Parse("10.0.0.0/24"),
            Device = node.Netlink.Links.Get("vx").Index,
            Scope = RouteScope.Link,
            Encapsulation = new RouteEncapsulation.Ip(37483, IPAddress.Parse("192.168.2.62")) { Ttl = 64 },
        };

        node.Netlink.Routes.Add(wanted);

        string shown = node.Namespace.Exec("ip", "route", "show", "10.0.0.0/24");
        Assert.Contains("encap ip id 37483 src 0.0.0.0 dst 192.168.2.62 ttl 64", shown);
        Assert.Equal(wanted, Assert.Single(node.Netlink.Routes.List(), route => route.Encapsulation is not null));
    }

    [KernelFact]
    public void Gateway_on_no_known_network_is_refused_with_the_kernels_words_unless_on_link()
    {
        using Node node = new();
        Route route = new() { Destination = s_everything, Gateway = s_gateway, Device = node.Device };

        NetlinkException refused = Assert.Throws<NetlinkException>(() => node.Netlink.Routes.Add(route));
        node.Netlink.Routes.Add(route with { OnLink = true });

        Assert.Equal(Errno.ENETUNREACH, refused.Errno);
        Assert.Equal("Nexthop has invalid gateway", refused.KernelText);
        Assert.Equal(
            $"add route default via 10.0.1.1 dev {node.Device}: Network is unreachable (errno 101): Nexthop has invalid gateway "
            + "(the gateway is not on a network of the device: add a route to it first, or use onlink)",
            refused.Message);
        Assert.Contains("onlink", node.Namespace.Exec("ip", "route"));
    }

    [KernelFact]
    public void Tables_are_kept_apart()
    {
        using Node node = new();
        foreach (uint table in (uint[])[100, 100_000])
        {
            node.Netlink.Routes.Add(new Route { Destination = s_everything, Device = node.Device, Table = new RouteTableId(table) });
        }

        Assert.Contains("default dev ens3", node.Namespace.Exec("ip", "route", "show", "table", "100000"));
        RouteFilter filter = new() { Table = new RouteTableId(100) };
        Route found = Assert.Single(node.Netlink.Routes.List(filter));
        Assert.True(node.Netlink.Routes.Delete(found));
        Assert.False(node.Netlink.Routes.Delete(found));
        Assert.Empty(node.Netlink.Routes.List(filter));
    }

    [KernelFact]
    public void Replace_takes_the_place_of_the_route_to_the_same_destination()
    {
        using Node node = new();
        Route route = new() { Destination = IPNetwork.Parse("10.0.0.0/24"), Device = node.Device, Mtu = 1400 };
        node.Netlink.Routes.Add(route);

        Assert.Throws<NetlinkException>(() => node.Netlink.Routes.Add(route));
        node.Netlink.Routes.Replace(route with { Mtu = 1300 });

        RouteFilter filter = new() { Protocol = RouteProtocol.Static };
        Assert.Equal(1300u, Assert.Single(node.Netlink.Routes.List(filter)).Mtu);
    }

    [KernelFact]
    public void Six_is_as_four()
    {
        using Node node = new();
        Route wanted = new()
        {
            Destination = IPNetwork.Parse("fd00:1::/64"),
            Gateway = IPAddress.Parse("fd00::1"),
            Device = node.Device,
            OnLink = true,
            Mtu = 1430,
            Priority = 50,
            Scope = RouteScope.Universe,
        };

        node.Netlink.Routes.Add(wanted);

        Assert.Equal(wanted, Assert.Single(node.Netlink.Routes.List(), route => route.Gateway is not null));
        Assert.True(node.Netlink.Routes.Delete(wanted));
    }

    [KernelFact]
    public void Four_goes_over_a_gateway_of_six()
    {
        using Node node = new();
        Route wanted = new()
        {
            Destination = IPNetwork.Parse("10.0.0.0/24"),
            Gateway = IPAddress.Parse("fe80::1"),
            Device = node.Device,
            OnLink = true,
            Scope = RouteScope.Universe,
        };

        node.Netlink.Routes.Add(wanted);

        Assert.Contains("via inet6 fe80::1", node.Namespace.Exec("ip", "route"));
        Assert.Equal(wanted, Assert.Single(node.Netlink.Routes.List(), route => route.Gateway is not null));
    }

    [KernelFact]
    public void Blackhole_needs_no_device()
    {
        using Node node = new();

        node.Netlink.Routes.Add(new Route { Destination = IPNetwork.Parse("10.0.1.0/24"), Type = RouteType.Blackhole });

        JsonNode shown = Ip.Json(node.Namespace, "route", "show", "10.0.1.0/24")[0]!;
        Assert.Equal("blackhole", (string?)shown["type"]);
    }

    [KernelFact]
    public void Kernel_tells_the_way_to_an_address()
    {
        using Node node = new();
        node.Netlink.Routes.Add(new Route { Destination = IPNetwork.Parse("10.0.0.0/24"), Device = node.Device });

        Assert.Equal(node.Device, node.Netlink.Routes.Resolve(IPAddress.Parse("10.0.0.23")).Device);
        Assert.Equal(
            Errno.ENETUNREACH,
            Assert.Throws<NetlinkException>(() => node.Netlink.Routes.Resolve(IPAddress.Parse("10.7.0.1"))).Errno);
    }
}
