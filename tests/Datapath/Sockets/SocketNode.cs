using Datapath.Harness;
using Weft.Abi;
using Weft.Bpf;
using Weft.Bpf.Links;
using Weft.Linux;
using Weft.Tests.Shared;

namespace Datapath.Sockets;

/// <summary>A node and a pod as namespaces, wired to one that has all backends, with the socket programs on a cgroup of their own.</summary>
internal sealed class SocketNode : IDisposable
{
    public const string Address = "192.168.2.61";
    public const string OtherNode = "192.168.2.62";
    public const string Address6 = "fd00:2::61";
    public const string PodAddress = "10.0.1.180";
    public const ushort NodePortMin = 30000;
    public const ushort NodePortMax = 32767;

    private static readonly Dictionary<string, CgroupHook> s_hooks = new()
    {
        ["weft_sock_connect4"] = CgroupHook.Connect4,
        ["weft_sock_connect6"] = CgroupHook.Connect6,
        ["weft_sock_post_bind4"] = CgroupHook.PostBind4,
        ["weft_sock_post_bind6"] = CgroupHook.PostBind6,
        ["weft_sock_sendmsg4"] = CgroupHook.SendMessage4,
        ["weft_sock_sendmsg6"] = CgroupHook.SendMessage6,
        ["weft_sock_recvmsg4"] = CgroupHook.ReceiveMessage4,
        ["weft_sock_recvmsg6"] = CgroupHook.ReceiveMessage6,
        ["weft_sock_getpeername4"] = CgroupHook.GetPeerName4,
        ["weft_sock_getpeername6"] = CgroupHook.GetPeerName6,
    };

    private readonly ProgramObjects _programs;
    private readonly List<BpfLink> _links = [];

    public SocketNode()
    {
        Wire(Node, "192.168.2.1", Address, "fd00:2::1", Address6);
        Wire(Pod, "10.0.1.1", PodAddress, "fd00:1::1", "fd00:1::180");
        Ip(Backends, "link", "set", "lo", "up");
        Servers = [.. Backend.All.Select(backend => new BackendServer(backend, Backends))];
        _programs = new ProgramObjects(Harness.Node.Config with
        {
            NodeAddr = WeftAddress.Parse(Address),
            NodePortMin = NodePortMin,
            NodePortMax = NodePortMax,
            NetnsCookie = CookieOf(Node),
            Flags = SaysWhy ? ConfigFlags.SetRetval : ConfigFlags.None,
        });
        Services = new ServiceMaps(_programs);
        using FileDescriptor cgroup = FileDescriptor.Open(Cgroup.Path);
        foreach ((string program, CgroupHook hook) in s_hooks)
        {
            _links.Add(BpfLink.AttachCgroup(_programs.Program(program), cgroup, hook));
        }
    }

    /// <summary>Whether a refusal has an error of its own here, or is EPERM.</summary>
    public static bool SaysWhy { get; } = KernelFeatures.HasSetRetvalAtConnect();

    public TestNamespace Node { get; } = TestNamespace.Create("socknode");

    public TestNamespace Pod { get; } = TestNamespace.Create("sockpod");

    public ServiceMaps Services { get; }

    private TestNamespace Backends { get; } = TestNamespace.Create("backends");

    private TestCgroup Cgroup { get; } = TestCgroup.Create();

    private IReadOnlyList<BackendServer> Servers { get; }

    public static ulong CookieOf(TestNamespace network) => network.Run(NetworkNamespace.ReadCurrentCookie)
        ?? throw new InvalidOperationException("this kernel does not tell cookies of namespaces (it needs 5.14)");

    /// <summary>Sockets that the function makes meet the programs, here and wherever they are used later.</summary>
    public T RunTranslated<T>(TestNamespace network, Func<T> body) => Cgroup.Run(network, body);

    public void Dispose()
    {
        _links.ForEach(static link => link.Dispose());
        _programs.Dispose();
        foreach (BackendServer server in Servers)
        {
            server.Dispose();
        }

        Cgroup.Dispose();
        Node.Dispose();
        Pod.Dispose();
        Backends.Dispose();
    }

    private void Wire(TestNamespace client, string far, string near, string far6, string near6)
    {
        string name = client == Node ? "node" : "pod";
        Ip(Backends, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", client.Name);
        Ip(Backends, "addr", "add", $"{far}/24", "dev", name);
        Ip(Backends, "addr", "add", $"{far6}/64", "dev", name, "nodad");
        foreach (Backend backend in Backend.All)
        {
            // On both devices: a neighbour of IPv6 answers for addresses of the device that it is asked on.
            Ip(Backends, "addr", "add", $"{backend.Address}/32", "dev", name);
            Ip(Backends, "addr", "add", $"{backend.Address6}/128", "dev", name, "nodad");
        }

        Ip(client, "link", "set", "lo", "up");
        Ip(client, "addr", "add", $"{near}/24", "dev", "eth0");
        Ip(client, "addr", "add", $"{near6}/64", "dev", "eth0", "nodad");
        Ip(Backends, "link", "set", name, "up");
        Ip(client, "link", "set", "eth0", "up");
        Ip(client, "route", "add", "default", "via", far);
        Ip(client, "-6", "route", "add", "default", "via", far6);
    }

    private static void Ip(TestNamespace network, params string[] arguments) => Tool.Run("ip", ["-n", network.Name, .. arguments]);
}
