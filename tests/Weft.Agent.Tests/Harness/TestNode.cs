using System.Net;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Api.Ipam;
using Weft.Linux;
using Weft.Linux.Mounts;
using Weft.Netlink;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests.Harness;

/// <summary>A node as a network namespace, with everything that an agent is told by its options; gone after the test.</summary>
internal sealed class TestNode : IDisposable
{
    public const string Underlay = "ens3";

    /// <summary>As a change of an option: it is not given at all.</summary>
    public const string Unset = "(unset)";

    private readonly List<TestNamespace> _pods = [];
    private readonly int _number;

    private TestNode(string directory, int number)
    {
        _number = number;
        Cluster = directory;
        Directory = Path.Combine(directory, $"node{number}");
        System.IO.Directory.CreateDirectory(BpfMount);
        MountTable.MountBpf(BpfMount);
        Namespace = TestNamespace.Create($"node{number}");
        Client = new AgentClient(Socket);
    }

    public string Cluster { get; }

    public string Directory { get; }

    public TestNamespace Namespace { get; }

    public AgentClient Client { get; }

    public AgentProcess? Agent { get; private set; }

    public string Name => $"node{_number}";

    public string Address => $"192.168.77.{_number}";

    public string Address6 => $"fd00:c0a8:77::{_number}";

    public string PodCidr { get; init; } = "";

    public string PodCidr6 => $"fd00:77:0:{_number}::/64";

    /// <summary>What changes of the options for a node of both families.</summary>
    public string[] DualStack => ["--node-ip", $"{Address},{Address6}", "--pod-cidr", $"{PodCidr},{PodCidr6}"];

    public string Socket => Path.Combine(Directory, "weft.sock");

    public string StateDirectory => Path.Combine(Directory, "state");

    public string BpfRoot => Path.Combine(BpfMount, "weft");

    public string StoreFile => Path.Combine(Cluster, "store.db");

    private string BpfMount => Path.Combine(Directory, "bpf");

    /// <summary>One node; its underlay device has its other end in the same namespace.</summary>
    public static TestNode Create(string? podCidr = null)
    {
        TestNode node = new(NewDirectory(), 1) { PodCidr = podCidr ?? "10.77.1.0/24" };
        Connect(node, node, "ens3-other");
        return node;
    }

    /// <summary>Two nodes on one wire, which share a store.</summary>
    public static (TestNode First, TestNode Second) CreatePair()
    {
        string directory = NewDirectory();
        TestNode first = new(directory, 1) { PodCidr = "10.77.1.0/24" };
        TestNode second = new(directory, 2) { PodCidr = "10.77.2.0/24" };
        Connect(first, second, Underlay);
        using RtNetlink netlink = RtNetlink.Open(second.Namespace.Handle);
        second.Configure(netlink);
        return (first, second);
    }

    public IReadOnlyList<string> Options(params string[] changes)
    {
        Dictionary<string, string> options = new()
        {
            ["--node-name"] = Name,
            ["--node-ip"] = Address,
            ["--device"] = Underlay,
            ["--pod-cidr"] = PodCidr,
            ["--store"] = $"sqlite://{StoreFile}",
            ["--socket"] = Socket,
            ["--state-dir"] = StateDirectory,
            ["--bpf-root"] = BpfRoot,
            ["--health"] = "false", // an endpoint more, which only its own tests reckon with
            // The machine's sockets are not this node's.
            ["--cgroup-root"] = "none",
        };
        for (int i = 0; i < changes.Length; i += 2)
        {
            options[changes[i]] = changes[i + 1];
            if (changes[i + 1] == Unset)
            {
                options.Remove(changes[i]);
            }
        }

        return [.. options.SelectMany(option => new[] { option.Key, option.Value })];
    }

    public async Task<AgentProcess> StartAsync(params string[] changes)
    {
        Agent?.Dispose();
        Agent = AgentProcess.Start(Namespace.Path, Options(changes));
        await Agent.ReadyAsync();
        return Agent;
    }

    /// <summary>Starts an agent that has to end by itself, and returns its exit code and what it said.</summary>
    public async Task<(int ExitCode, string Log)> StartAndFailAsync(params string[] changes)
    {
        using AgentProcess agent = AgentProcess.Start(Namespace.Path, Options(changes));
        return (await agent.EndedAsync(), agent.Log);
    }

    public TestNamespace NewPod()
    {
        TestNamespace pod = TestNamespace.Create("pod");
        lock (_pods)
        {
            _pods.Add(pod);
        }

        return pod;
    }

    public Task<EndpointResource> CreateEndpointAsync(
        TestNamespace pod, string? address = null, string label = "k8s:app=cni", string? address6 = null) =>
        Client.CreateEndpointAsync(new EndpointChangeRequest
        {
            Netns = pod.Path,
            ContainerId = pod.Name,
            K8sNamespace = "default",
            K8sPodName = pod.Name,
            Labels = [label],
            Addressing = new AddressPair { Ipv4 = address, Ipv6 = address6 },
        });

    /// <summary>Names of the devices in the node's namespace.</summary>
    public string[] Devices()
    {
        using RtNetlink netlink = RtNetlink.Open(Namespace.Handle);
        return [.. netlink.Links.List().Select(link => link.Name)];
    }

    public string[] Pins(string directory)
    {
        string path = Path.Combine(BpfRoot, directory);
        return System.IO.Directory.Exists(path) ? [.. System.IO.Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file))] : [];
    }

    public static long Id(EndpointResource endpoint) => endpoint.Id;

    public static string Address6Of(EndpointResource endpoint) => endpoint.Status!.Networking!.Addressing![0].Ipv6!;

    public static string AddressOf(EndpointResource endpoint) => endpoint.Status!.Networking!.Addressing![0].Ipv4!;

    public void Dispose()
    {
        Agent?.Dispose();
        Client.Dispose();
        _pods.ForEach(pod => pod.Dispose());
        Namespace.Dispose();
        MountTable.Unmount(BpfMount);
        System.IO.Directory.Delete(Directory, recursive: true);
        if (!System.IO.Directory.EnumerateDirectories(Cluster).Any())
        {
            System.IO.Directory.Delete(Cluster, recursive: true);
        }
    }

    private static string NewDirectory() => System.IO.Directory.CreateTempSubdirectory("weft-agent-").FullName;

    private static void Connect(TestNode first, TestNode second, string peerName)
    {
        using RtNetlink netlink = RtNetlink.Open(first.Namespace.Handle);
        netlink.Links.CreateVeth(
            Underlay, new LinkSettings(), peerName, new LinkSettings { Namespace = second.Namespace.Handle, Up = true });
        first.Configure(netlink);
    }

    private void Configure(RtNetlink netlink)
    {
        IfIndex device = netlink.Links.Get(Underlay).Index;
        netlink.Links.SetUp(device);
        netlink.Addresses.Add(new InterfaceAddress { Device = device, Address = IPAddress.Parse(Address), PrefixLength = 24 });
        netlink.Addresses.Add(new InterfaceAddress
        {
            Device = device,
            Address = IPAddress.Parse(Address6),
            PrefixLength = 64,
            Flags = AddressFlags.IFA_F_NODAD,
        });
    }
}
