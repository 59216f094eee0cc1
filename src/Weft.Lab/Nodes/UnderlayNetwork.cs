using Weft.Lab.Outside;
using Weft.Lab.Topology;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Links;

namespace Weft.Lab.Nodes;

/// <summary>
/// The network between the nodes: a bridge in a namespace of its own, and a veth pair to every node, whose end there is ens3. The
/// namespace is the nodes' router too: the bridge has an address, and outside hosts are behind other devices of it. Like any
/// router of a data centre it knows nothing of pods.
/// </summary>
public sealed class UnderlayNetwork
{
    /// <summary>Name of the underlay's device on every node.</summary>
    public const string NodeDevice = "ens3";

    private readonly string _lab;
    private readonly LabTopology _topology;

    public UnderlayNetwork(string lab, LabTopology topology)
    {
        _lab = lab;
        _topology = topology;
    }

    public string Netns => LabNames.NetnsOf(_lab, LabNames.Underlay);

    /// <summary>Whether the bridge and every node's and outside host's device are there.</summary>
    public bool Exists => Devices.Exist(Netns, [LabNames.Bridge, .. _topology.Nodes.Select(node => node.Name)])
        && _topology.Nodes.All(node => Devices.Exist(LabNames.NetnsOf(_lab, node.Name), [NodeDevice]))
        && _topology.Outside.All(host => new OutsideHost(_lab, host).Exists);

    private bool HasIPv6 => _topology.Underlay6 is not null;

    /// <summary>Makes the bridge and connects the nodes, whose namespaces exist, and the outside hosts.</summary>
    public void Create()
    {
        using NetworkNamespace underlay = NetworkNamespace.Create(Netns);
        NamespaceSettings.SetIPv6(underlay, HasIPv6);
        NamespaceSettings.MakeRouter(underlay, HasIPv6);
        using RtNetlink netlink = RtNetlink.Open(underlay);
        // No spanning tree, so nothing to wait for before a port forwards.
        BridgeSettings settings = new() { SpanningTree = false, ForwardDelay = 0, MulticastSnooping = false };
        netlink.Links.CreateBridge(LabNames.Bridge, settings, new LinkSettings { Mtu = _topology.Mtu });
        IfIndex bridge = Devices.SetUp(netlink, LabNames.Bridge, HasIPv6);
        Devices.AddAddress(netlink, bridge, _topology.Router, _topology.Underlay.PrefixLength);
        if (_topology is { Router6: { } router6, Underlay6: { } underlay6 })
        {
            Devices.AddAddress(netlink, bridge, router6, underlay6.PrefixLength);
        }

        foreach (NodeSpec node in _topology.Nodes)
        {
            Connect(netlink, bridge, node);
        }

        foreach (OutsideSpec host in _topology.Outside)
        {
            new OutsideHost(_lab, host).Create(netlink, _topology);
        }
    }

    public void Remove() => NetworkNamespace.Delete(Netns);

    private void Connect(RtNetlink underlay, IfIndex bridge, NodeSpec node)
    {
        using NetworkNamespace nodeNamespace = NetworkNamespace.Open(LabNames.NetnsOf(_lab, node.Name));
        NamespaceSettings.SetIPv6(nodeNamespace, node.HasIPv6);
        if (node.Runtime != RuntimeKind.None)
        {
            // As on every machine with containers; plugins that translate ports rely on it.
            NamespaceSettings.MakeRouter(nodeNamespace, node.HasIPv6);
        }

        underlay.Links.CreateVeth(
            node.Name, new LinkSettings { Mtu = _topology.Mtu, Master = bridge, Up = true },
            NodeDevice, new LinkSettings { Mtu = _topology.Mtu, Namespace = nodeNamespace });
        using RtNetlink netlink = RtNetlink.Open(nodeNamespace);
        Devices.SetUp(netlink, LabNames.Loopback, linkLocal: false);
        IfIndex device = Devices.SetUp(netlink, NodeDevice, node.HasIPv6);
        Devices.AddAddress(netlink, device, node.Address, _topology.Underlay.PrefixLength);
        Devices.AddRoute(netlink, device, Devices.Everywhere, _topology.Router);
        if (node.Address6 is { } address6 && _topology is { Router6: { } router6, Underlay6: { } underlay6 })
        {
            Devices.AddAddress(netlink, device, address6, underlay6.PrefixLength);
            Devices.AddRoute(netlink, device, Devices.Everywhere6, router6);
        }
    }
}
