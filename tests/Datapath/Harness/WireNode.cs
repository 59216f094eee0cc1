using System.Globalization;
using Weft.Abi;
using Weft.Bpf;
using Weft.Bpf.Links;
using Weft.Linux;
using Weft.Tests.Shared;

namespace Datapath.Harness;

/// <summary>A node with real devices and two pods, its programs attached: what an agent would have made.</summary>
internal sealed class WireNode : IDisposable
{
    private readonly ConfigFlags _flags;
    private readonly TestNamespace _namespace;
    private readonly Dictionary<Pod, TestNamespace> _pods = [];
    private ProgramObjects? _programs;

    public WireNode(string name, WireAddresses addresses, ConfigFlags more, params Pod[] pods)
    {
        Addresses = addresses;
        _flags = Node.Config.Flags | more;
        _namespace = TestNamespace.Create(name);
        for (int i = 0; i < pods.Length; i++)
        {
            _pods.Add(pods[i], TestNamespace.Create($"{name}pod{i}"));
        }
    }

    public WireAddresses Addresses { get; }

    public IEnumerable<Pod> Pods => _pods.Keys;

    public TestNamespace Namespace => _namespace;

    public string Name => _namespace.Name;

    public ProgramObjects Programs => _programs!;

    public TestNamespace NamespaceOf(Pod pod) => _pods[pod];

    /// <summary>Once the underlay's device is there.</summary>
    public void Start(WireNode other)
    {
        StartDevices(other);
        foreach (Pod pod in Pods)
        {
            StartPod(pod);
        }

        _programs = new ProgramObjects(Config());
        FillMaps(other);
        foreach (Pod pod in Pods)
        {
            Attach("weft_from_pod", DeviceOf(pod), TcDirection.Ingress);
        }

        Attach("weft_from_host", "weft_net", TcDirection.Ingress);
        Attach("weft_from_overlay", "weft_vxlan", TcDirection.Ingress);
        Attach("weft_to_overlay", "weft_vxlan", TcDirection.Egress);
        Attach("weft_from_netdev", "ens3", TcDirection.Ingress);
        Attach("weft_to_netdev", "ens3", TcDirection.Egress);
    }

    public void AddService(ServiceKey key, ServiceValue service, Family family, ushort backendPort, params Pod[] backends)
    {
        if (!key.Addr.IsIPv4 || key.Addr.IPv4 != 0)
        {
            Learn(key.Addr, (uint)ReservedIdentity.World, 0, IpcacheFlags.Service);
        }

        ServiceMaps.Add(Programs, key, service, family, backendPort, backends);
    }

    public void Dispose()
    {
        foreach (TestNamespace pod in _pods.Values)
        {
            pod.Dispose();
        }

        _namespace.Dispose();
        _programs?.Dispose();
    }

    private DatapathConfig Config() => Node.Config with
    {
        NodeAddr = WeftAddress.Parse(Addresses.Node),
        NodeAddr6 = WeftAddress.Parse(Addresses.Node6),
        RouterAddr = WeftAddress.Parse(Addresses.Router),
        RouterAddr6 = WeftAddress.Parse(Addresses.Router6),
        OverlayIfIndex = IndexOf("weft_vxlan"),
        NetdevIfIndex = IndexOf("ens3"),
        HostIfIndex = IndexOf("weft_host"),
        Flags = _flags,
    };

    private void StartDevices(WireNode other) => _namespace.Exec("sh", "-ec", $"""
        for conf in all default; do echo 0 > /proc/sys/net/ipv4/conf/$conf/rp_filter; done
        ip link set lo up
        echo 0 > /proc/sys/net/ipv4/conf/ens3/rp_filter
        ip addr add {Addresses.Node}/24 dev ens3
        ip addr add {Addresses.Node6}/64 dev ens3 nodad
        ip link set ens3 up
        ip route add default via {WireFixture.Gateway}
        ip route add default via {WireFixture.Gateway6}
        ip link add weft_vxlan type vxlan external dstport 8472 nolearning
        ip link set weft_vxlan addrgenmode none up
        ip link add weft_host type veth peer name weft_net
        ip link set weft_host arp off addrgenmode none mtu 1500
        ip link set weft_net arp off addrgenmode none mtu 1500
        ip link set weft_host up
        ip link set weft_net up
        echo 1 > /proc/sys/net/ipv4/conf/weft_host/forwarding
        echo 1 > /proc/sys/net/ipv6/conf/weft_host/forwarding
        ip addr add {Addresses.Router}/32 dev weft_host
        ip addr add {Addresses.Router6}/128 dev weft_host nodad
        for pods in {Addresses.Pods} {other.Addresses.Pods}; do ip route add $pods dev weft_host src {Addresses.Router} mtu {Node.OverlayMtu}; done
        for pods in {Addresses.Pods6} {other.Addresses.Pods6}; do ip route add $pods dev weft_host src {Addresses.Router6} mtu {Node.OverlayMtu}; done
        """);

    private void StartPod(Pod pod)
    {
        TestNamespace inside = _pods[pod];
        Ip("link", "add", DeviceOf(pod), "address", pod.NodeMac, "type", "veth", "peer", "name", "eth0", "netns", inside.Name);
        Ip("link", "set", DeviceOf(pod), "addrgenmode", "none", "up");
        inside.Exec("sh", "-ec", $"""
            ip link set lo up
            ip link set eth0 address {pod.Mac} addrgenmode none up
            ip addr add {pod.Address}/32 dev eth0
            ip addr add {pod.Address6}/128 dev eth0 nodad
            ip route add {Addresses.Router} dev eth0
            ip route add default via {Addresses.Router}
            ip route add {Addresses.Router6} dev eth0
            ip route add default via {Addresses.Router6}
            """);
    }

    private void FillMaps(WireNode other)
    {
        foreach (Pod pod in Pods)
        {
            EndpointValue endpoint = pod.Endpoint with { IfIndex = IndexOf(DeviceOf(pod)) };
            Programs.Map("weft_devices").As<uint, EndpointValue>().Update(endpoint.IfIndex, endpoint);
            AddEndpoint(pod.Key, endpoint);
            AddEndpoint(pod.Key6, endpoint);
            Learn(pod.Key, pod.Identity, 0);
            Learn(pod.Key6, pod.Identity, 0);
        }

        foreach (WeftAddress own in Addresses.OfNode)
        {
            AddEndpoint(own, new EndpointValue { Flags = EndpointFlags.Host, Identity = (uint)ReservedIdentity.Host, Id = Node.HostEndpoint });
            Learn(own, (uint)ReservedIdentity.Host, 0);
        }

        LearnOther(other);
        Learn(WeftAddress.Parse("0.0.0.0"), (uint)ReservedIdentity.World, 0, prefix: WeftAddress.IPv4PrefixBits);
        Learn(WeftAddress.None, (uint)ReservedIdentity.World, 0, prefix: 0);
    }

    private void LearnOther(WireNode other)
    {
        uint node = Node.Number(other.Addresses.Node);
        Programs.Map("weft_nodes").As<WeftAddress, NodeValue>()
            .Update(WeftAddress.FromIPv4(node), new NodeValue { Identity = (uint)ReservedIdentity.RemoteNode });
        foreach (WeftAddress address in other.Addresses.OfNode)
        {
            Learn(address, (uint)ReservedIdentity.RemoteNode, node);
        }

        foreach (Pod pod in other.Pods)
        {
            Learn(pod.Key, pod.Identity, node);
            Learn(pod.Key6, pod.Identity, node);
        }
    }

    private void AddEndpoint(WeftAddress address, EndpointValue endpoint) =>
        Programs.Map("weft_endpoints").As<WeftAddress, EndpointValue>().Update(address, endpoint);

    private void Learn(WeftAddress address, uint identity, uint node, IpcacheFlags flags = IpcacheFlags.None, uint prefix = 128) =>
        Programs.Map("weft_ipcache").As<IpcacheKey, IpcacheValue>().Update(
            new IpcacheKey { PrefixLen = prefix, Addr = address },
            new IpcacheValue { Identity = identity, TunnelEndpoint = node, Flags = flags });

    private static string DeviceOf(Pod pod) => $"lxc{pod.Id}";

    private void Attach(string program, string device, TcDirection direction)
    {
        BpfProgram loaded = Programs.Program(program);
        IfIndex index = new((int)IndexOf(device));
        _namespace.Run(() => ClsactFilter.Attach(loaded, index, direction));
    }

    public uint IndexOf(string device) =>
        uint.Parse(Ip("-o", "link", "show", "dev", device).Split(':')[0], CultureInfo.InvariantCulture);

    private string Ip(params string[] arguments) => Tool.Run("ip", ["-n", Name, .. arguments]);
}
