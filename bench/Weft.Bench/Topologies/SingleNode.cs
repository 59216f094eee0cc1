using System.Diagnostics;
using System.Net;
using Weft.Api;
using Weft.Datapath.Pinning;
using Weft.Linux;
using Weft.Linux.Cgroups;
using Weft.Linux.Mounts;
using Weft.Netlink;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;

namespace Weft.Bench.Topologies;

/// <summary>One node with its agent and nothing else, to measure the agent on.</summary>
internal sealed class SingleNode : IDisposable
{
    public const string Device = "ens3";

    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_removal = TimeSpan.FromSeconds(10);

    private readonly string _name;
    private readonly string _directory;
    private readonly string _podCidr;
    private Process? _agent;

    /// <param name="tag">Tells nodes of one run apart.</param>
    /// <param name="podCidr">For as many pods as are measured.</param>
    public SingleNode(string agentProgram, string tag = "node", string podCidr = "10.0.1.0/24")
    {
        _podCidr = podCidr;
        AgentProgram = agentProgram;
        _name = $"weft-bench-{tag}-{Environment.ProcessId}";
        _directory = Directory.CreateTempSubdirectory("weft-bench-").FullName;
        Namespace = NetworkNamespace.Create(_name);
        try
        {
            Directory.CreateDirectory(BpfMount);
            MountTable.MountBpf(BpfMount);
            using RtNetlink netlink = RtNetlink.Open(Namespace);
            netlink.Links.CreateVeth(Device, new LinkSettings { Up = true }, "wire", new LinkSettings { Up = true });
            netlink.Addresses.Add(new InterfaceAddress { Device = netlink.Links.Get(Device).Index, Address = Address, PrefixLength = 24 });
            Cgroup = ControlGroup.FindRoot()?.Child(_name);
            Cgroup?.Create();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public static IPAddress Address { get; } = IPAddress.Parse("192.168.2.61");

    public NetworkNamespace Namespace { get; }

    /// <summary>Whose sockets the agent has services translated for; null where there are no cgroups, and it does so for none.</summary>
    public ControlGroup? Cgroup { get; }

    public string AgentProgram { get; }

    public string StoreFile => Path.Combine(_directory, "store.db");

    public BpfRoot BpfRoot => new(Path.Combine(BpfMount, "weft"));

    public string Socket => Path.Combine(_directory, "weft.sock");

    public Process Agent => _agent ?? throw new InvalidOperationException("read the agent's process: it is not started");

    private string BpfMount => Path.Combine(_directory, "bpf");

    /// <summary>Starts the agent and waits until it answers.</summary>
    /// <returns>Time from the start of the process to the first answer.</returns>
    public TimeSpan StartAgent()
    {
        long begin = Stopwatch.GetTimestamp();
        string[] arguments =
        [
            "--node-name", "bpf1", "--node-ip", $"{Address}", "--device", Device, "--pod-cidr", _podCidr,
            "--store", $"sqlite://{StoreFile}", "--socket", Socket, "--state-dir", Path.Combine(_directory, "state"),
            "--bpf-root", BpfRoot.Path, "--cgroup-root", Cgroup?.Path ?? "none",
        ];
        _agent = Namespace.Run(() => Process.Start(new ProcessStartInfo(AgentProgram, arguments) { RedirectStandardError = true }));
        _agent!.ErrorDataReceived += static (_, _) => { };
        _agent.BeginErrorReadLine();
        using AgentClient client = new(Socket);
        while (true)
        {
            try
            {
                client.GetStatusAsync().GetAwaiter().GetResult();
                return Stopwatch.GetElapsedTime(begin);
            }
            catch (AgentUnreachableException) when (!_agent.HasExited && Stopwatch.GetElapsedTime(begin) < s_start)
            {
                Thread.Yield();
            }
        }
    }

    public void StopAgent()
    {
        if (_agent is not null)
        {
            _agent.Kill();
            _agent.WaitForExit();
            _agent.Dispose();
            _agent = null;
        }
    }

    public void Dispose()
    {
        StopAgent();
        Namespace.Dispose();
        NetworkNamespace.Delete(_name);
        MountTable.Unmount(BpfMount);
        Cgroup?.Remove(s_removal);
        Directory.Delete(_directory, recursive: true);
    }
}
