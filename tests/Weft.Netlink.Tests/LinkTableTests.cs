using System.Net;
using System.Text.Json.Nodes;
using Weft.Linux;
using Weft.Netlink.Links;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests;

public class LinkTableTests
{
    private static readonly HardwareAddress s_macOne = HardwareAddress.Parse("0a:11:22:33:44:01");
    private static readonly HardwareAddress s_macTwo = HardwareAddress.Parse("0a:11:22:33:44:02");

    [KernelFact]
    public void Veth_pair_is_made_in_one_request_with_the_peer_in_another_namespace()
    {
        using TestNamespace node = TestNamespace.Create("node");
        using TestNamespace pod = TestNamespace.Create("pod");
        using RtNetlink netlink = RtNetlink.Open(node.Handle);

        netlink.Links.CreateVeth(
            "lxc1",
            new LinkSettings { Address = s_macOne, Mtu = 1500, Up = true },
            "eth0",
            new LinkSettings { Address = s_macTwo, Mtu = 1400, Up = true, Namespace = pod.Handle });

        JsonNode host = Ip.Link(node, "lxc1");
        JsonNode peer = Ip.Link(pod, "eth0");
        Assert.Equal("veth", (string?)host["linkinfo"]!["info_kind"]);
        Assert.Equal(s_macOne.ToString(), (string?)host["address"]);
        Assert.Equal(1500, (int)host["mtu"]!);
        Assert.Equal(s_macTwo.ToString(), (string?)peer["address"]);
        Assert.Equal(1400, (int)peer["mtu"]!);
        Assert.Contains("UP", Ip.Flags(host));
        Assert.Contains("UP", Ip.Flags(peer));
    }

    [KernelFact]
    public void Device_read_back_has_what_was_asked_for()
    {
        using TestNamespace node = TestNamespace.Create("node");
        using RtNetlink netlink = RtNetlink.Open(node.Handle);

        netlink.Links.CreateVeth(
            "a",
            new LinkSettings { Address = s_macOne, Group = 7, Alias = "pod one", TransmitQueueLength = 500, Arp = false },
            "b",
            new LinkSettings());
        Link a = netlink.Links.Get("a");
        Link b = netlink.Links.Get("b");

        Assert.Equal(s_macOne, a.Address);
        Assert.Equal(7u, a.Group);
        Assert.Equal("pod one", a.Alias);
        Assert.Equal(500u, a.TransmitQueueLength);
        Assert.True(a.Flags.HasFlag(LinkFlags.IFF_NOARP));
        Assert.Equal("veth", a.Kind);
        Assert.Equal(b.Index, a.Parent);
        Assert.Equal(a.Index, b.Parent);
        Assert.False(a.IsUp);
        Assert.Equal(a, netlink.Links.Get(a.Index));
    }

    [KernelFact]
    public void External_vxlan_is_what_ip_shows()
    {
        using TestNamespace node = TestNamespace.Create("node");
        using RtNetlink netlink = RtNetlink.Open(node.Handle);

        netlink.Links.CreateVxlan(
            "weft_vxlan",
            new VxlanSettings { CollectMetadata = true, Port = 8472, Learning = false },
            new LinkSettings { Up = true, Mtu = 1500 });

        JsonNode data = Ip.Link(node, "weft_vxlan")["linkinfo"]!["info_data"]!;
        Assert.True((bool)data["external"]!);
        Assert.Equal(8472, (int)data["port"]!);
        Assert.False((bool)data["learning"]!);
        VxlanSettings read = netlink.Links.Get("weft_vxlan").Vxlan!;
        Assert.True(read.CollectMetadata);
        Assert.Equal((ushort)8472, read.Port);
        Assert.Null(read.Vni);
    }

    [KernelFact]
    public void Plain_vxlan_keeps_every_setting()
    {
        using TestNamespace node = TestNamespace.Create("node");
        using RtNetlink netlink = RtNetlink.Open(node.Handle);
        netlink.Links.CreateVeth("ens3", new LinkSettings { Up = true }, "wire", new LinkSettings { Up = true });
        VxlanSettings wanted = new()
        {
            Vni = 37483,
            Port = 4789,
            SourcePorts = (40000, 50000),
            Learning = false,
            Local = IPAddress.Parse("192.168.2.61"),
            Remote = IPAddress.Parse("192.168.2.62"),
            LowerDevice = netlink.Links.Get("ens3").Index,
            Ttl = 9,
            UdpChecksum = true,
            UdpZeroChecksum6Send = true,
            UdpZeroChecksum6Receive = false,
            GroupPolicy = true,
            Ageing = 77,
        };

        netlink.Links.CreateVxlan("vx", wanted);

        Assert.Equal(wanted, netlink.Links.Get("vx").Vxlan);
        JsonNode data = Ip.Link(node, "vx")["linkinfo"]!["info_data"]!;
        Assert.Equal(37483, (int)data["id"]!);
        Assert.Equal("192.168.2.62", (string?)data["remote"]);
        Assert.Equal("192.168.2.61", (string?)data["local"]);
    }

    [KernelFact]
    public void Bridge_takes_ports_and_lets_them_go()
    {
        using TestNamespace node = TestNamespace.Create("node");
        using RtNetlink netlink = RtNetlink.Open(node.Handle);
        netlink.Links.CreateBridge(
            "br0", new BridgeSettings { ForwardDelay = 0, MulticastSnooping = false }, new LinkSettings { Up = true });
        IfIndex bridge = netlink.Links.Get("br0").Index;
        netlink.Links.CreateVeth("p0", new LinkSettings { Master = bridge, Up = true }, "q0", new LinkSettings { Up = true });
        IfIndex port = netlink.Links.Get("p0").Index;

        Assert.Equal("br0", (string?)Ip.Link(node, "p0")["master"]);
        Assert.Equal(0, (int)Ip.Link(node, "br0")["linkinfo"]!["info_data"]!["mcast_snooping"]!);

        netlink.Links.Change(port, new LinkSettings { Master = IfIndex.None });
        Assert.Null(Ip.Link(node, "p0")["master"]);
        Assert.Equal(IfIndex.None, netlink.Links.Get(port).Master);
    }

    [KernelFact]
    public void Device_is_renamed_changed_set_up_and_down_and_deleted_with_its_peer()
    {
        using TestNamespace node = TestNamespace.Create("node");
        using RtNetlink netlink = RtNetlink.Open(node.Handle);
        netlink.Links.CreateVeth("a", new LinkSettings(), "b", new LinkSettings());
        IfIndex index = netlink.Links.Get("a").Index;

        netlink.Links.Rename(index, "c");
        netlink.Links.Change(index, new LinkSettings { Mtu = 1450, Address = s_macTwo });
        netlink.Links.SetUp(index);

        Link changed = netlink.Links.Get("c");
        Assert.Equal((1450, s_macTwo, true), (changed.Mtu, changed.Address, changed.IsUp));
        netlink.Links.SetDown(index);
        Assert.False(netlink.Links.Get(index).IsUp);
        Assert.True(netlink.Links.Delete("c"));
        Assert.False(netlink.Links.Delete("c"));
        Assert.False(netlink.Links.Delete(index));
        Assert.Null(netlink.Links.Find("b"));
    }

    [KernelFact]
    public void Device_moves_to_another_namespace()
    {
        using TestNamespace node = TestNamespace.Create("node");
        using TestNamespace pod = TestNamespace.Create("pod");
        using RtNetlink netlink = RtNetlink.Open(node.Handle);
        netlink.Links.CreateVeth("a", new LinkSettings(), "b", new LinkSettings());

        netlink.Links.Move(netlink.Links.Get("b").Index, pod.Handle);

        Assert.Null(netlink.Links.Find("b"));
        Assert.Equal("veth", (string?)Ip.Link(pod, "b")["linkinfo"]!["info_kind"]);
        Assert.NotNull(netlink.Links.Get("a").ParentNamespaceId);
    }

    [KernelFact]
    public void Address_generation_can_be_off_from_the_start()
    {
        using TestNamespace node = TestNamespace.Create("node");
        using RtNetlink netlink = RtNetlink.Open(node.Handle);

        netlink.Links.CreateVeth(
            "a",
            new LinkSettings { GenerateIPv6Address = false, Up = true },
            "b",
            new LinkSettings { GenerateIPv6Address = false, Up = true });

        Assert.Equal("none", (string?)Ip.Link(node, "a")["inet6_addr_gen_mode"]);
        Assert.Equal("none", (string?)Ip.Link(node, "b")["inet6_addr_gen_mode"]);
        Assert.DoesNotContain("fe80", node.Exec("ip", "-6", "addr"));
    }

    [KernelFact]
    public void Offload_sizes_are_set()
    {
        using TestNamespace node = TestNamespace.Create("node");
        using RtNetlink netlink = RtNetlink.Open(node.Handle);
        netlink.Links.CreateVeth(
            "a", new LinkSettings { GsoMaxSize = 60000, GroMaxSize = 61000 }, "b", new LinkSettings());

        Link link = netlink.Links.Get("a");

        Assert.Equal((60000u, 61000u), (link.GsoMaxSize, link.GroMaxSize));
    }

    [KernelFact]
    public void List_has_every_device_of_the_namespace_only()
    {
        using TestNamespace node = TestNamespace.Create("node");
        using RtNetlink netlink = RtNetlink.Open(node.Handle);
        for (int pair = 0; pair < 60; pair++)
        {
            netlink.Links.CreateVeth($"a{pair}", new LinkSettings(), $"b{pair}", new LinkSettings());
        }

        IReadOnlyList<Link> links = netlink.Links.List();

        Assert.Equal(121, links.Count(link => link.Name[0] is 'a' or 'b' || link.Name == "lo"));
        Assert.Equal(links.Count, links.Select(link => link.Index).Distinct().Count());
    }

    [KernelFact]
    public void Statistics_count_packets()
    {
        using TestNamespace node = TestNamespace.Create("node");
        using RtNetlink netlink = RtNetlink.Open(node.Handle);
        netlink.Links.SetUp(netlink.Links.Get("lo").Index);

        node.Exec("ping", "-c", "3", "-i", "0.01", "-q", "127.0.0.1");

        LinkStatistics statistics = netlink.Links.Get("lo").Statistics;
        Assert.Equal(6u, statistics.SentPackets);
        Assert.Equal(6u * 84, statistics.ReceivedBytes);
    }
}
