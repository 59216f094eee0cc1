using Weft.Lab.Topology;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;

namespace Weft.Lab.Nodes;

/// <summary>The network between the nodes: a bridge in a namespace of its own, and a veth pair to every node, whose end there is ens3.</summary>
public sealed class UnderlayNetwork
{
    /// <summary>Name of the underlay's device on every node.</summary>
    public const string NodeDevice = "ens3";

    private const string Bridge = "bridge";
    private const string Loopback = "lo";

    private readonly string _lab;
    private readonly LabTopology _topology;

    public UnderlayNetwork(string lab, LabTopology topology)
    {
        _lab = lab;
        _topology = topology;
    }

    public string Netns => LabNames.NetnsOf(_lab, LabNames.Underlay);

    /// <summary>Whether the bridge and every node's device are there.</summary>
    public bool Exists => NetworkNamespace.Exists(Netns) && HasDevices(Netns, [Bridge, .. _topology.Nodes.Select(node => node.Name)])
        && _topology.Nodes.All(node => HasDevices(LabNames.NetnsOf(_lab, node.Name), [NodeDevice]));

    /// <summary>Makes the bridge and connects the nodes, whose namespaces exist.</summary>
    public void Create()
    {
        using NetworkNamespace underlay = NetworkNamespace.Create(Netns);
        NamespaceSettings.DisableIPv6(underlay);
        using RtNetlink netlink = RtNetlink.Open(underlay);
        // No spanning tree, so nothing to wait for before a port forwards.
        BridgeSettings bridge = new() { SpanningTree = false, ForwardDelay = 0, MulticastSnooping = false };
        netlink.Links.CreateBridge(Bridge, bridge, new LinkSettings { Mtu = _topology.Mtu, Up = true });
        IfIndex master = netlink.Links.Get(Bridge).Index;
        foreach (NodeSpec node in _topology.Nodes)
        {
            Connect(netlink, master, node);
        }
    }

    public void Remove() => NetworkNamespace.Delete(Netns);

    private void Connect(RtNetlink underlay, IfIndex bridge, NodeSpec node)
    {
        using NetworkNamespace nodeNamespace = NetworkNamespace.Open(LabNames.NetnsOf(_lab, node.Name));
        NamespaceSettings.DisableIPv6(nodeNamespace);
        underlay.Links.CreateVeth(
            node.Name, new LinkSettings { Mtu = _topology.Mtu, Master = bridge, Up = true },
            NodeDevice, new LinkSettings { Mtu = _topology.Mtu, Namespace = nodeNamespace });
        using RtNetlink netlink = RtNetlink.Open(nodeNamespace);
        netlink.Links.SetUp(netlink.Links.Get(Loopback).Index);
        Link device = netlink.Links.Get(NodeDevice);
        netlink.Addresses.Add(new InterfaceAddress { Device = device.Index, Address = node.Address, PrefixLength = _topology.Underlay.PrefixLength });
        netlink.Links.SetUp(device.Index);
    }

    private static bool HasDevices(string netns, IEnumerable<string> names)
    {
        using NetworkNamespace open = NetworkNamespace.Open(netns);
        using RtNetlink netlink = RtNetlink.Open(open);
        return names.All(name => netlink.Links.Find(name) is not null);
    }
}
