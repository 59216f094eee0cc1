using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Weft.Lab.Nodes;
using Weft.Lab.Programs;
using Weft.Lab.State;
using Weft.Lab.Topology;
using Weft.Linux.Cgroups;
using Weft.Linux.Mounts;
using Weft.Linux.Processes;
using Weft.Linux;
using Weft.Netlink;
using Weft.Tests.Shared;

namespace EndToEnd.Harness;

/// <summary>A lab with a name of its own, built and removed through the published programs.</summary>
internal sealed class RealLab : IDisposable
{
    /// <summary>Names of this run's labs begin so, and no other's.</summary>
    public static readonly string NamePrefix = $"e{Environment.ProcessId}_";

    private static int s_counter;
    private string? _topologyFile;

    public string Name { get; } = $"{NamePrefix}{Interlocked.Increment(ref s_counter)}";

    public LabPaths Paths => new(Name);

    /// <summary>Builds it, or changes one that is up; without a topology it is the default one.</summary>
    public string Up(string? topology = null)
    {
        ToolResult result = UpUnchecked(topology);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"weft lab up: {result.Error}");
    }

    public ToolResult UpUnchecked(string? topology = null) => WeftProgram.RunUnchecked([.. UpArguments(topology)]);

    public IEnumerable<string> UpArguments(string? topology = null)
    {
        string[] arguments = ["--lab", Name, "lab", "up"];
        if (topology is null)
        {
            return arguments;
        }

        _topologyFile ??= Path.GetTempFileName();
        File.WriteAllText(_topologyFile, topology);
        return [.. arguments, "-f", _topologyFile];
    }

    public string Down() => WeftProgram.Run("--lab", Name, "lab", "down");

    /// <summary>Output of 'weft' about the lab, which has to succeed.</summary>
    public string Weft(params string[] arguments) => WeftProgram.Run(["--lab", Name, .. arguments]);

    public ToolResult WeftUnchecked(params string[] arguments) => WeftProgram.RunUnchecked(["--lab", Name, .. arguments]);

    /// <summary>Output of a program in a pod or on a node, which has to succeed.</summary>
    public string Exec(string member, params string[] command) => Weft(["lab", "exec", member, "--", .. command]);

    public ToolResult ExecUnchecked(string member, params string[] command) => WeftUnchecked(["lab", "exec", member, "--", .. command]);

    /// <summary>Applies manifests, and waits until every node serves what they say: the lists of backends are those of the slices.</summary>
    public void Apply(params ServiceManifest[] services)
    {
        OnFile(string.Join("---\n", services.Select(service => service.ToString())), "apply");
        foreach (string node in Topology.Nodes.Select(node => node.Name))
        {
            Eventually.Passes(() => Assert.All(services, service => Assert.True(service.IsServed(Json("--node", node, "service", "list")))));
        }
    }

    /// <summary>Takes away what <see cref="Apply"/> made.</summary>
    public void Delete(params ServiceManifest[] services) => OnFile(string.Join("---\n", services.Select(service => service.ToString())), "delete");

    public LabTopology Topology => new LabDirectory(Name).ReadTopology()!;

    public LabMember Member(string name) => LabMember.Find(Name, name);

    public ProcessHandle Agent(string node) =>
        ProcessHandle.TryOpen(new LabDirectory(Name).ReadState()!.Agents[node])
        ?? throw new InvalidOperationException($"the agent of {node} does not run");

    public string Log(string node) => File.ReadAllText(Paths.AgentLog(node));

    public JsonElement Json(params string[] arguments) => JsonDocument.Parse(Weft([.. arguments, "-o", "json"])).RootElement;

    /// <summary>What 'weft lab status' says of a pod.</summary>
    public JsonElement Pod(string name) => Json("lab", "status")[0].GetProperty("nodes").EnumerateArray()
        .SelectMany(node => node.GetProperty("pods").EnumerateArray()).First(pod => pod.GetProperty("name").GetString() == name);

    public uint Identity(string pod) => Pod(pod).GetProperty("identity").GetUInt32();

    public string Address(string pod) => Pod(pod).GetProperty("address").GetString()!;

    /// <summary>Those that the topology gives to a node, a pod or an outside host, IPv4 first.</summary>
    public IReadOnlyList<string> Addresses(string member)
    {
        LabTopology topology = Topology;
        IPAddress?[] addresses =
            topology.FindPod(member) is { } pod ? [pod.Address, pod.Address6]
            : topology.FindNode(member) is { } node ? [node.Address, node.Address6]
            : topology.FindOutside(member) is { } host ? [host.Address.Address, host.Address6?.Address]
            : throw new InvalidOperationException($"the lab has no {member}");
        return [.. addresses.OfType<IPAddress>().Select(address => address.ToString())];
    }

    /// <param name="place">As MEMBER/DEVICE.</param>
    public IPAddress AddressOn(string place, AddressFamily family)
    {
        string[] parts = place.Split('/');
        return Member(parts[0]).Run(() =>
        {
            using RtNetlink netlink = RtNetlink.Open();
            IfIndex device = netlink.Links.Get(parts[1]).Index;
            return netlink.Addresses.List(device).Select(address => address.Address).First(address => address.AddressFamily == family && !address.IsIPv6LinkLocal);
        });
    }

    /// <summary>A UDP socket in a member's namespace, bound to a port of any address, whose calls end at a deadline.</summary>
    public Socket BindUdp(string member, AddressFamily family, int port)
    {
        Socket socket = Member(member).Run(() => new Socket(family, SocketType.Dgram, ProtocolType.Udp));
        socket.ReceiveTimeout = (int)Eventually.DefaultDeadline.TotalMilliseconds;
        socket.Bind(AnyEndPoint(family, port));
        return socket;
    }

    public static IPEndPoint AnyEndPoint(AddressFamily family, int port = 0) =>
        new(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, port);

    /// <summary>Packets that a node has counted for a reason, both directions together.</summary>
    public long Counted(string node, string reason) => Json("--node", node, "bpf", "metrics", "list").EnumerateArray()
        .Where(row => row.GetProperty("reason").GetString() == reason).Sum(row => row.GetProperty("packets").GetInt64());

    /// <summary>Everything on this machine that carries the lab's name: empty after 'down'.</summary>
    public IReadOnlyList<string> Traces() =>
    [
        .. Directory.Exists("/run/netns")
            ? Directory.EnumerateFileSystemEntries("/run/netns").Where(path => path.Contains(LabNames.NetnsPrefixOf(Name), StringComparison.Ordinal))
            : [],
        .. MountTable.Below(Paths.Root),
        .. Directory.Exists(Paths.Root) ? [Paths.Root] : Array.Empty<string>(),
        .. ControlGroup.FindRoot()?.Child(LabCgroups.Labs).Child(Name) is { Exists: true } group ? [group.Path] : Array.Empty<string>(),
        .. AgentProcesses(),
    ];

    public void Dispose()
    {
        WeftProgram.RunUnchecked("--lab", Name, "lab", "down");
        if (_topologyFile is not null)
        {
            File.Delete(_topologyFile);
        }
    }

    private void OnFile(string manifest, string command)
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, manifest);
        Weft("lab", command, "-f", file);
        File.Delete(file);
    }

    /// <summary>Agents whose mount namespace shows the lab's directory as its /run/weft.</summary>
    private IEnumerable<string> AgentProcesses()
    {
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                continue;
            }

            string mounts;
            try
            {
                mounts = File.ReadAllText(Path.Combine(directory, "mountinfo"));
            }
            catch (IOException)
            {
                continue;
            }

            if (mounts.Contains($"/weft/lab/{Name}/", StringComparison.Ordinal))
            {
                yield return directory;
            }
        }
    }
}
