using System.Net;
using Weft.Lab.Nodes;
using Weft.Lab.Topology;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Links;

namespace Weft.Lab.Outside;

/// <summary>A host beyond the underlay: a namespace behind a device of the router, with a route to the underlay and to nothing else.</summary>
/// <remarks>So an answer to a pod's own address goes nowhere: what reaches this host has to come from a node's address.</remarks>
public sealed class OutsideHost
{
    /// <summary>Its only device beside the loopback one.</summary>
    public const string Device = "eth0";

    private readonly string _lab;
    private readonly OutsideSpec _spec;

    public OutsideHost(string lab, OutsideSpec spec)
    {
        _lab = lab;
        _spec = spec;
    }

    public string Netns => LabNames.NetnsOf(_lab, _spec.Name);

    public bool Exists => Devices.Exist(Netns, [Device]) && Devices.Exist(LabNames.NetnsOf(_lab, LabNames.Underlay), [_spec.Name]);

    /// <param name="router">In the underlay's namespace, whose bridge has its addresses.</param>
    internal void Create(RtNetlink router, LabTopology topology)
    {
        new LabCgroups(_lab).Create(_spec.Name);
        using NetworkNamespace host = NetworkNamespace.Create(Netns);
        bool hasIPv6 = _spec.Address6 is not null;
        NamespaceSettings.SetIPv6(host, hasIPv6);
        router.Links.CreateVeth(
            _spec.Name, new LinkSettings { Mtu = topology.Mtu }, Device, new LinkSettings { Mtu = topology.Mtu, Namespace = host });
        IfIndex routerDevice = Devices.SetUp(router, _spec.Name, hasIPv6);
        using RtNetlink netlink = RtNetlink.Open(host);
        Devices.SetUp(netlink, LabNames.Loopback, linkLocal: false);
        IfIndex device = Devices.SetUp(netlink, Device, hasIPv6);
        Connect(router, routerDevice, _spec.Router, netlink, device, _spec.Address, topology.Underlay);
        if (_spec is { Address6: { } address6, Router6: { } router6 } && topology.Underlay6 is { } underlay6)
        {
            Connect(router, routerDevice, router6, netlink, device, address6, underlay6);
        }
    }

    private static void Connect(
        RtNetlink router, IfIndex routerDevice, IPAddress routerAddress, RtNetlink host, IfIndex device, HostAddress address, IPNetwork underlay)
    {
        Devices.AddAddress(router, routerDevice, routerAddress, address.Network.PrefixLength);
        Devices.AddAddress(host, device, address.Address, address.Network.PrefixLength);
        Devices.AddRoute(host, device, underlay, routerAddress);
    }
}
