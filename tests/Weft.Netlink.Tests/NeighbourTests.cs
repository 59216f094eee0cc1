using System.Net;
using System.Text.Json.Nodes;
using Weft.Linux;
using Weft.Netlink.Links;
using Weft.Netlink.Neighbours;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests;

public class NeighbourTests
{
    private static readonly HardwareAddress s_mac = HardwareAddress.Parse("0a:11:22:33:44:55");

    [KernelTheory]
    [InlineData("10.0.1.1")]
    [InlineData("fd00::1")]
    public void Permanent_neighbour_is_what_ip_shows_and_goes_again(string address)
    {
        using Node node = new();
        Neighbour wanted = new() { Device = node.Device, Address = IPAddress.Parse(address), HardwareAddress = s_mac };

        node.Netlink.Neighbours.Replace(wanted);

        Assert.Contains($"{address} lladdr {s_mac} PERMANENT", node.Namespace.Exec("ip", "neigh", "show", "dev", "ens3"));
        Assert.Contains(wanted, node.Netlink.Neighbours.List(node.Device));
        Assert.True(node.Netlink.Neighbours.Delete(wanted));
        Assert.False(node.Netlink.Neighbours.Delete(wanted));
    }

    [KernelFact]
    public void Forwarding_entry_of_vxlan_is_what_bridge_shows_and_goes_again()
    {
        using Node node = new();
        node.Netlink.Links.CreateVxlan("flannel.1", new VxlanSettings { Vni = 1, Port = 8472, Learning = false });
        ForwardingEntry wanted = new()
        {
            Device = node.Netlink.Links.Get("flannel.1").Index,
            Address = s_mac,
            Destination = IPAddress.Parse("192.168.2.62"),
        };

        node.Netlink.Forwarding.Replace(wanted);

        JsonNode shown = Assert.Single(Ip.Bridge(node.Namespace, "fdb", "show", "dev", "flannel.1"))!;
        Assert.Equal("192.168.2.62", (string?)shown["dst"]);
        Assert.Equal("permanent", (string?)shown["state"]);
        Assert.Contains("self", shown["flags"]!.AsArray().Select(flag => (string?)flag));
        Assert.Equal(wanted, Assert.Single(node.Netlink.Forwarding.List(wanted.Device)));
        Assert.True(node.Netlink.Forwarding.Delete(wanted));
        Assert.False(node.Netlink.Forwarding.Delete(wanted));
    }

    [KernelFact]
    public void Address_of_all_zeros_takes_several_nodes()
    {
        using Node node = new();
        node.Netlink.Links.CreateVxlan("vx", new VxlanSettings { Vni = 9, Learning = false });
        ForwardingEntry first = new()
        {
            Device = node.Netlink.Links.Get("vx").Index,
            Address = default,
            Destination = IPAddress.Parse("192.168.2.62"),
        };
        ForwardingEntry second = first with { Destination = IPAddress.Parse("192.168.2.63"), Port = 4789, Vni = 10 };

        node.Netlink.Forwarding.Append(first);
        node.Netlink.Forwarding.Append(second);

        Assert.Equal([first, second], node.Netlink.Forwarding.List(first.Device).OrderBy(entry => entry.Destination!.ToString()));
    }

    [KernelFact]
    public void Entry_of_a_bridge_port_stands_in_the_bridges_table()
    {
        using Node node = new();
        node.Netlink.Links.CreateBridge("br0");
        IfIndex bridge = node.Netlink.Links.Get("br0").Index;
        node.Netlink.Links.Change(node.Device, new LinkSettings { Master = bridge });
        ForwardingEntry wanted = new() { Device = node.Device, Address = s_mac, IsSelf = false, State = NeighbourStates.NUD_NOARP };

        node.Netlink.Forwarding.Add(wanted);

        Assert.Contains(wanted with { Master = bridge }, node.Netlink.Forwarding.List());
        Assert.Contains($"{s_mac} dev ens3 master br0 static", node.Namespace.Exec("bridge", "fdb", "show"));
    }
}
