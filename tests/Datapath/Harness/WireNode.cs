using System.Globalization;
using Weft.Abi;
using Weft.Bpf;
using Weft.Bpf.Links;
using Weft.Linux;
using Weft.Tests.Shared;

namespace Datapath.Harness;

/// <summary>A node with real devices and one pod, its programs attached: what an agent would have made.</summary>
internal sealed class WireNode : IDisposable
{
    private readonly TestNamespace _namespace;
    private readonly Pod _pod;
    private ProgramObjects? _programs;

    public WireNode(string name, string address, Pod pod)
    {
        Address = address;
        _pod = pod;
        _namespace = TestNamespace.Create(name);
        PodNamespace = TestNamespace.Create($"{name}pod");
    }

    public string Address { get; }

    public TestNamespace PodNamespace { get; }

    public string Name => _namespace.Name;

    public ProgramObjects Programs => _programs!;

    /// <summary>Once the underlay's device is there.</summary>
    public void Start(WireNode other)
    {
        Ip("addr", "add", $"{Address}/24", "dev", "ens3");
        Ip("link", "set", "ens3", "up");
        Ip("link", "set", "lo", "up");
        Ip("link", "add", "weft_vxlan", "type", "vxlan", "external", "dstport", "8472", "nolearning");
        Ip("link", "set", "weft_vxlan", "addrgenmode", "none", "up");
        Ip("link", "add", "lxcpod", "address", _pod.NodeMac, "type", "veth", "peer", "name", "eth0", "netns", PodNamespace.Name);
        Ip("link", "set", "lxcpod", "addrgenmode", "none", "up");
        StartPod();
        _programs = new ProgramObjects(Node.Config with
        {
            NodeAddr = WeftAddress.Parse(Address),
            OverlayIfIndex = IndexOf("weft_vxlan"),
            NetdevIfIndex = IndexOf("ens3"),
        });
        FillMaps(other);
        Attach("weft_from_pod", "lxcpod", TcDirection.Ingress);
        Attach("weft_from_overlay", "weft_vxlan", TcDirection.Ingress);
        Attach("weft_to_overlay", "weft_vxlan", TcDirection.Egress);
        Attach("weft_from_netdev", "ens3", TcDirection.Ingress);
        Attach("weft_to_netdev", "ens3", TcDirection.Egress);
    }

    public void Dispose()
    {
        PodNamespace.Dispose();
        _namespace.Dispose();
        _programs?.Dispose();
    }

    private void StartPod()
    {
        Tool.Run("ip", "-n", PodNamespace.Name, "link", "set", "eth0", "address", _pod.Mac, "addrgenmode", "none", "up");
        Tool.Run("ip", "-n", PodNamespace.Name, "link", "set", "lo", "up");
        Tool.Run("ip", "-n", PodNamespace.Name, "addr", "add", $"{_pod.Address}/32", "dev", "eth0");
        Tool.Run("ip", "-n", PodNamespace.Name, "route", "add", Node.Router, "dev", "eth0");
        Tool.Run("ip", "-n", PodNamespace.Name, "route", "add", "default", "via", Node.Router);
    }

    private void FillMaps(WireNode other)
    {
        EndpointValue endpoint = _pod.Endpoint with { IfIndex = IndexOf("lxcpod") };
        Programs.Map("weft_devices").As<uint, EndpointValue>().Update(endpoint.IfIndex, endpoint);
        Programs.Map("weft_endpoints").As<WeftAddress, EndpointValue>().Update(_pod.Key, endpoint);
        Programs.Map("weft_nodes").As<WeftAddress, NodeValue>()
            .Update(WeftAddress.Parse(other.Address), new NodeValue { Identity = (uint)ReservedIdentity.RemoteNode });
        Programs.Map("weft_ipcache").As<IpcacheKey, IpcacheValue>().Update(
            new IpcacheKey { PrefixLen = 128, Addr = other._pod.Key },
            new IpcacheValue { Identity = other._pod.Identity, TunnelEndpoint = Node.Number(other.Address) });
    }

    private void Attach(string program, string device, TcDirection direction)
    {
        BpfProgram loaded = Programs.Program(program);
        IfIndex index = new((int)IndexOf(device));
        _namespace.Run(() => ClsactFilter.Attach(loaded, index, direction));
    }

    private uint IndexOf(string device) =>
        uint.Parse(Ip("-o", "link", "show", "dev", device).Split(':')[0], CultureInfo.InvariantCulture);

    private string Ip(params string[] arguments) => Tool.Run("ip", ["-n", Name, .. arguments]);
}
