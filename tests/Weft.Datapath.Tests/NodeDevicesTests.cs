using System.Net;
using Weft.Bpf.Links;
using Weft.Datapath.Attaching;
using Weft.Datapath.Devices;
using Weft.Datapath.Loading;
using Weft.Datapath.Tests.Harness;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Netlink.Routes;
using Weft.Tests.Shared;

namespace Weft.Datapath.Tests;

public sealed class NodeDevicesTests : IDisposable
{
    private readonly TestNamespace _node = TestNamespace.Create("node");
    private readonly RtNetlink _netlink;

    public NodeDevicesTests() => _netlink = RtNetlink.Open(_node.Handle);

    public void Dispose()
    {
        _netlink.Dispose();
        _node.Dispose();
    }

    [KernelFact]
    public void The_overlay_device_is_made_once_and_kept()
    {
        (IfIndex made, bool first) = _node.Run(() => OverlayDevice.Ensure(_netlink, 1500, 8472, hasIPv6: false));
        (IfIndex kept, bool second) = _node.Run(() => OverlayDevice.Ensure(_netlink, 1500, 8472, hasIPv6: false));

        Assert.True(first);
        Assert.False(second);
        Assert.Equal(made, kept);
        Link link = _netlink.Links.Get(made);
        Assert.True(link.IsUp);
        Assert.True(link.Vxlan!.CollectMetadata);
        Assert.False(link.Vxlan.Learning);
        Assert.Equal((ushort)8472, link.Vxlan.Port);
    }

    [KernelFact]
    public void Only_what_differs_of_the_overlay_device_is_repaired()
    {
        (IfIndex made, _) = _node.Run(() => OverlayDevice.Ensure(_netlink, 1500, 8472, hasIPv6: false));
        _netlink.Links.Change(made, new LinkSettings { Mtu = 1400, Up = false });

        (IfIndex repaired, _) = _node.Run(() => OverlayDevice.Ensure(_netlink, 1500, 8472, hasIPv6: false));

        Assert.Equal(made, repaired);
        Assert.Equal(1500, _netlink.Links.Get(repaired).Mtu);
        Assert.True(_netlink.Links.Get(repaired).IsUp);
    }

    [KernelFact]
    public void Another_port_is_another_device()
    {
        _node.Run(() => OverlayDevice.Ensure(_netlink, 1500, 8472, hasIPv6: false));

        (IfIndex made, bool isNew) = _node.Run(() => OverlayDevice.Ensure(_netlink, 1500, 8473, hasIPv6: false));

        Assert.True(isNew);
        Assert.Equal((ushort)8473, _netlink.Links.Get(made).Vxlan!.Port);
    }

    [KernelFact]
    public void A_foreign_device_of_that_name_is_refused_and_left_alone()
    {
        _netlink.Links.CreateVxlan(OverlayDevice.Name, new VxlanSettings { Vni = 5, Port = 4789 });

        DatapathException error = Assert.Throws<DatapathException>(() => _node.Run(() => OverlayDevice.Ensure(_netlink, 1500, 8472, hasIPv6: false)));

        Assert.Contains("VNI 5", error.Message, StringComparison.Ordinal);
        Assert.NotNull(_netlink.Links.Find(OverlayDevice.Name));
        Assert.False(OverlayDevice.Remove(_netlink));
    }

    [KernelFact]
    public void A_pod_gets_its_device_and_loses_it_again()
    {
        using TestNamespace pod = TestNamespace.Create("pod");
        PodDevices devices = new(_netlink);

        IfIndex index = _node.Run(() => devices.Create(pod.Handle, Wiring("lxc000000000001")));

        Assert.Equal(index, devices.Find("lxc000000000001"));
        Assert.Contains("10.0.1.180/32", pod.Exec("ip", "addr", "show", "eth0"), StringComparison.Ordinal);
        Assert.Contains("default via 10.0.1.1 dev eth0", pod.Exec("ip", "route"), StringComparison.Ordinal);
        Assert.DoesNotContain("inet6", pod.Exec("ip", "addr", "show", "eth0"), StringComparison.Ordinal);
        Assert.False(_netlink.Links.Get(index).IsUp);
        Assert.True(_node.Run(() => PodDevices.Remove("lxc000000000001")));
        Assert.False(_node.Run(() => PodDevices.Remove("lxc000000000001")));
    }

    [KernelFact]
    public void A_pod_of_both_families_has_no_address_but_its_own_and_finds_its_gateway()
    {
        using TestNamespace pod = TestNamespace.Create("pod");
        PodWiring wiring = Wiring("lxc000000000001");
        wiring = wiring with
        {
            Addresses = [.. wiring.Addresses, new PodAddress(IPAddress.Parse("fd00:10:0:1::180"), IPAddress.Parse("fd00:10:0:1::1"))],
        };

        new PodDevices(_netlink).SetUp(_node.Run(() => new PodDevices(_netlink).Create(pod.Handle, wiring)));

        string addresses = pod.Exec("ip", "addr", "show", "eth0");
        Assert.Contains("inet 10.0.1.180/32", addresses, StringComparison.Ordinal);
        Assert.Contains("inet6 fd00:10:0:1::180/128 scope global nodad", addresses, StringComparison.Ordinal);
        Assert.DoesNotContain("fe80:", addresses, StringComparison.Ordinal);
        Assert.DoesNotContain("fe80:", _node.Exec("ip", "addr", "show", "lxc000000000001"), StringComparison.Ordinal);
        Assert.Contains("default via fd00:10:0:1::1 dev eth0 proto static metric 1024 mtu 1450", pod.Exec("ip", "-6", "route"), StringComparison.Ordinal);
    }

    /// <summary>The kernel has to take the pod's own address as the source of its question: there is no link-local one.</summary>
    [KernelFact]
    public void A_pod_without_a_link_local_address_asks_for_its_gateway_and_is_heard()
    {
        using TestNamespace pod = TestNamespace.Create("pod");
        PodWiring wiring = Wiring("lxc000000000001") with
        {
            Addresses = [new PodAddress(IPAddress.Parse("fd00:10:0:1::180"), IPAddress.Parse("fd00:10:0:1::1"))],
        };
        IfIndex device = _node.Run(() => new PodDevices(_netlink).Create(pod.Handle, wiring));
        new PodDevices(_netlink).SetUp(device);
        _netlink.Addresses.Add(new InterfaceAddress
        {
            Device = device,
            Address = IPAddress.Parse("fd00:10:0:1::1"),
            PrefixLength = 128,
            Flags = AddressFlags.IFA_F_NODAD,
        });
        _netlink.Routes.Add(new Route { Destination = IPNetwork.Parse("fd00:10:0:1::180/128"), Device = device });

        Assert.Contains("1 received", pod.Exec("ping", "-c", "1", "-W", "5", "fd00:10:0:1::1"), StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_pod_device_that_cannot_be_configured_is_not_left_half_made()
    {
        using TestNamespace pod = TestNamespace.Create("pod");
        PodDevices devices = new(_netlink);
        PodWiring wiring = Wiring("lxc000000000001") with
        {
            Addresses = [new PodAddress(IPAddress.Parse("10.0.1.180"), IPAddress.IPv6Loopback)],
        };

        Assert.ThrowsAny<Exception>(() => _node.Run(() => devices.Create(pod.Handle, wiring)));

        Assert.Null(_netlink.Links.Find("lxc000000000001"));
    }

    [KernelFact]
    public void Stray_pod_devices_are_removed_and_others_kept()
    {
        _netlink.Links.CreateVeth("lxcstray", new LinkSettings(), "peer1", new LinkSettings());
        _netlink.Links.CreateVeth("lxckept", new LinkSettings(), "peer2", new LinkSettings());

        IReadOnlyList<string> removed = new PodDevices(_netlink).RemoveAllBut(new HashSet<string> { "lxckept" });

        Assert.Equal(["lxcstray"], removed);
        Assert.NotNull(_netlink.Links.Find("lxckept"));
    }

    [KernelTheory]
    [InlineData(TcAttachMode.Tcx)]
    [InlineData(TcAttachMode.Clsact)]
    public void Programs_are_attached_replaced_and_taken_back(TcAttachMode mode)
    {
        using BpfDirectory bpf = new();
        (IfIndex overlay, _) = _node.Run(() => OverlayDevice.Ensure(_netlink, 1500, 8472, hasIPv6: false));
        using LoadedDatapath first = bpf.Load();
        using LoadedDatapath second = bpf.Load();
        TcAttacher attacher = new(mode);

        NodeAttachments attachments = new(first, bpf.Root, attacher);
        _node.Run(() => attachments.AttachOverlay(overlay));
        _node.Run(() => new NodeAttachments(second, bpf.Root, attacher).AttachOverlay(overlay));
        string pin = bpf.Root.Link(OverlayDevice.Name, TcDirection.Ingress);
        Assert.Equal(second.FromOverlay.Id, _node.Run(() => attacher.Query(overlay, TcDirection.Ingress, pin)));

        _node.Run(attachments.DetachNew);
        Assert.Null(_node.Run(() => attacher.Query(overlay, TcDirection.Ingress, pin)));
    }

    [KernelFact]
    public void Links_whose_device_is_gone_are_removed()
    {
        using BpfDirectory bpf = new();
        using LoadedDatapath datapath = bpf.Load();
        NodeAttachments attachments = new(datapath, bpf.Root, new TcAttacher(TcAttachMode.Tcx));
        _netlink.Links.CreateVeth("lxcgone", new LinkSettings(), "peer1", new LinkSettings());
        _netlink.Links.CreateVeth("lxckept", new LinkSettings(), "peer2", new LinkSettings());
        _node.Run(() => attachments.AttachPod("lxcgone", _netlink.Links.Get("lxcgone").Index, forGood: true));
        _node.Run(() => attachments.AttachPod("lxckept", _netlink.Links.Get("lxckept").Index, forGood: true));
        _netlink.Links.Delete("lxcgone");

        IReadOnlyList<string> removed = attachments.RemoveStale(new HashSet<string> { "lxcgone", "lxckept" });

        Assert.Equal(["lxcgone_ingress"], removed);
        Assert.True(_node.Run(() => attachments.IsPodAttached("lxckept", _netlink.Links.Get("lxckept").Index)));
    }

    private static PodWiring Wiring(string hostInterface) => new()
    {
        HostInterface = hostInterface,
        HostMac = HardwareAddress.Parse("0e:00:00:00:00:01"),
        ContainerInterface = "eth0",
        Mac = HardwareAddress.Parse("0a:00:00:00:00:01"),
        Addresses = [new PodAddress(IPAddress.Parse("10.0.1.180"), IPAddress.Parse("10.0.1.1"))],
        Mtu = MtuPlan.ForUnderlay(1500),
    };
}
