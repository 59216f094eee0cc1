using System.Net;
using Weft.Bpf.Links;
using Weft.Datapath.Attaching;
using Weft.Datapath.Devices;
using Weft.Datapath.Loading;
using Weft.Datapath.Tests.Harness;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Links;
using Weft.Tests.Shared;

namespace Weft.Datapath.Tests;

public sealed class HostDevicesTests : IDisposable
{
    private static readonly IPAddress s_router = IPAddress.Parse("10.0.1.1");
    private static readonly IPAddress s_router6 = IPAddress.Parse("fd00:10:0:1::1");

    private readonly TestNamespace _node = TestNamespace.Create("node");
    private readonly RtNetlink _netlink;

    public HostDevicesTests() => _netlink = RtNetlink.Open(_node.Handle);

    public void Dispose()
    {
        _netlink.Dispose();
        _node.Dispose();
    }

    [KernelFact]
    public void The_pair_is_made_once_and_kept()
    {
        (HostPair made, bool first) = Ensure(s_router, s_router6);
        (HostPair kept, bool second) = Ensure(s_router, s_router6);

        Assert.True(first);
        Assert.False(second);
        Assert.Equal(made, kept);
        string host = _node.Exec("ip", "addr", "show", "weft_host");
        Assert.Contains("NOARP,UP,LOWER_UP", host, StringComparison.Ordinal);
        Assert.Contains("inet 10.0.1.1/32", host, StringComparison.Ordinal);
        Assert.Contains("inet6 fd00:10:0:1::1/128 scope global nodad", host, StringComparison.Ordinal);
        Assert.DoesNotContain("fe80:", _node.Exec("ip", "-6", "addr"), StringComparison.Ordinal);
    }

    [KernelFact]
    public void The_kernel_forwards_from_the_host_device_and_filters_no_source()
    {
        Ensure(s_router, s_router6);

        Assert.Equal(("1", "1", "0", "0"), _node.Run(() => (
            Sysctl.Read("net/ipv4/conf/weft_host/forwarding"),
            Sysctl.Read("net/ipv6/conf/weft_host/forwarding"),
            Sysctl.Read("net/ipv4/conf/weft_host/rp_filter"),
            Sysctl.Read("net/ipv4/conf/weft_net/rp_filter"))));
    }

    [KernelFact]
    public void A_strict_source_filter_of_all_devices_is_a_problem_and_a_loose_one_is_none()
    {
        Assert.Null(_node.Run(NetworkSettings.SourceFilterProblem));

        _node.Run(() => Sysctl.Write("net/ipv4/conf/all/rp_filter", "1"));
        Assert.Contains("rp_filter is 1", _node.Run(NetworkSettings.SourceFilterProblem), StringComparison.Ordinal);

        _node.Run(() => Sysctl.Write("net/ipv4/conf/all/rp_filter", "2"));
        Assert.Null(_node.Run(NetworkSettings.SourceFilterProblem));
    }

    [KernelFact]
    public void Without_an_ipv6_router_there_is_no_ipv6_and_it_can_come_later()
    {
        Ensure(s_router);
        Assert.DoesNotContain("inet6", _node.Exec("ip", "addr", "show", "weft_host"), StringComparison.Ordinal);

        (_, bool made) = Ensure(s_router, s_router6);

        Assert.False(made);
        string addresses = _node.Exec("ip", "addr", "show", "weft_host");
        Assert.Contains("inet6 fd00:10:0:1::1/128", addresses, StringComparison.Ordinal);
        Assert.DoesNotContain("fe80:", addresses, StringComparison.Ordinal);
    }

    [KernelFact]
    public void What_somebody_changed_is_repaired()
    {
        (HostPair pair, _) = Ensure(s_router, s_router6);
        _netlink.Links.Change(pair.Host, new LinkSettings { Mtu = 1400, Arp = true, Up = false });
        _node.Exec("ip", "addr", "flush", "dev", "weft_host");
        _node.Exec("ip", "addr", "add", "10.9.9.9/32", "dev", "weft_host");

        (HostPair repaired, bool made) = Ensure(s_router, s_router6);

        Assert.False(made);
        Assert.Equal(pair, repaired);
        Link host = _netlink.Links.Get(pair.Host);
        Assert.Equal((1500, true, true), (host.Mtu, host.IsUp, host.Flags.HasFlag(LinkFlags.IFF_NOARP)));
        Assert.Equal([s_router, s_router6], _netlink.Addresses.List(pair.Host).Select(address => address.Address));
    }

    [KernelTheory]
    [InlineData("weft_host")]
    [InlineData("weft_net")]
    public void A_foreign_device_of_one_of_the_names_is_refused_and_left_alone(string name)
    {
        _netlink.Links.CreateVeth(name, new LinkSettings(), "foreign", new LinkSettings());

        DatapathException error = Assert.Throws<DatapathException>(() => Ensure(s_router));

        Assert.Contains($"{name} exists, kind veth", error.Message, StringComparison.Ordinal);
        Assert.False(HostDevices.Remove(_netlink));
        Assert.NotNull(_netlink.Links.Find(name));
    }

    [KernelFact]
    public void Nothing_is_left_when_the_pair_is_removed()
    {
        Ensure(s_router, s_router6);

        Assert.True(HostDevices.Remove(_netlink));

        Assert.Null(HostDevices.Find(_netlink));
        Assert.False(HostDevices.Remove(_netlink));
    }

    [KernelFact]
    public void The_program_is_attached_to_the_datapaths_end_and_taken_back()
    {
        using BpfDirectory bpf = new();
        using LoadedDatapath datapath = bpf.Load();
        NodeAttachments attachments = new(datapath, bpf.Root, TcAttacher.ForThisKernel());
        (HostPair pair, _) = Ensure(s_router);
        Assert.False(_node.Run(() => attachments.IsHostAttached(pair.Net)));

        _node.Run(() => attachments.AttachHost(pair.Net));
        Assert.True(_node.Run(() => attachments.IsHostAttached(pair.Net)));

        _node.Run(attachments.DetachNew);
        Assert.False(_node.Run(() => attachments.IsHostAttached(pair.Net)));
    }

    private (HostPair Pair, bool Made) Ensure(params IPAddress[] routers) => _node.Run(() => HostDevices.Ensure(_netlink, 1500, routers));
}
