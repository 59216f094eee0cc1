using System.Net;
using Weft.Linux;
using Weft.Netlink;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;

namespace Weft.Bench.Topologies;

/// <summary>The lab's layout with the kernel's own forwarding only: routes, and what the subclass puts between the nodes.</summary>
internal abstract class KernelTopology : ITopology
{
    private static readonly IPNetwork s_underlay = IPNetwork.Parse("192.168.2.0/24");
    private static readonly IPAddress s_router = IPAddress.Parse("192.168.2.1");

    private readonly string _underlayName;
    private readonly NetworkNamespace _underlay;
    private readonly List<BaselineNode> _nodes = [];
    private readonly BaselineOutside? _outside;

    protected KernelTopology(string tag, int podMtu)
    {
        string prefix = $"weft-bench-{tag}-{Environment.ProcessId}";
        _underlayName = $"{prefix}-net";
        _underlay = NetworkNamespace.Create(_underlayName);
        try
        {
            IfIndex bridge = CreateBridge();
            _outside = new BaselineOutside($"{prefix}-out", _underlay, s_underlay);
            _nodes.Add(new BaselineNode(Spec(prefix, 1, podMtu), _underlay, bridge));
            _nodes.Add(new BaselineNode(Spec(prefix, 0, podMtu), _underlay, bridge));
            Connect(_nodes[0], _nodes[1]);
            Connect(_nodes[1], _nodes[0]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public abstract string Name { get; }

    public PodPair Pods => new(NearNode.Pods[0].Namespace, FarNode.Pods[0].Namespace, FarNode.Pods[0].Address);

    public PodPair SameNode => new(FarNode.Pods[1].Namespace, FarNode.Pods[0].Namespace, FarNode.Pods[0].Address);

    public PodPair ToOutside => new(NearNode.Pods[0].Namespace, Outside.Namespace, BaselineOutside.Address);

    protected BaselineNode NearNode => _nodes[0];

    protected BaselineNode FarNode => _nodes[1];

    protected BaselineOutside Outside => _outside ?? throw new InvalidOperationException("use the outside host: the topology is not built");

    public void Dispose()
    {
        foreach (BaselineNode node in _nodes)
        {
            node.Dispose();
        }

        _nodes.Clear();
        _outside?.Dispose();
        _underlay.Dispose();
        NetworkNamespace.Delete(_underlayName);
    }

    /// <summary>Tells <paramref name="local"/> how to reach the pods of <paramref name="remote"/>.</summary>
    protected abstract void Connect(BaselineNode local, BaselineNode remote);

    private IfIndex CreateBridge()
    {
        using RtNetlink netlink = RtNetlink.Open(_underlay);
        netlink.Links.CreateBridge("underlay", settings: new LinkSettings { Up = true });
        IfIndex bridge = netlink.Links.Get("underlay").Index;
        netlink.Addresses.Add(new InterfaceAddress { Device = bridge, Address = s_router, PrefixLength = s_underlay.PrefixLength });
        _underlay.Run(() => File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1"));
        return bridge;
    }

    // Addresses as in the default lab: node 1 is bpf1 with 10.0.1.0/24, node 0 is bpf2 with 10.0.0.0/24.
    private static BaselineNodeSpec Spec(string prefix, byte number, int podMtu) => new(
        $"n{number}",
        $"{prefix}-n{number}",
        new IPAddress([192, 168, 2, (byte)(62 - number)]),
        s_router,
        new IPNetwork(new IPAddress([10, 0, number, 0]), 24),
        new IPAddress([10, 0, number, 1]),
        [new IPAddress([10, 0, number, 100]), new IPAddress([10, 0, number, 101])],
        podMtu);
}
