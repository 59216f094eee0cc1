using System.Diagnostics;
using System.Net;
using Weft.Api;
using Weft.Linux;
using Weft.Linux.Mounts;
using Weft.Netlink;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;

namespace Weft.Bench.Topologies;

/// <summary>One node with its agent and nothing else, to measure the agent on.</summary>
internal sealed class SingleNode : IDisposable
{
    private readonly string _name = $"weft-bench-node-{Environment.ProcessId}";
    private readonly string _directory;
    private readonly NetworkNamespace _namespace;
    private Process? _agent;

    public SingleNode(string agentProgram)
    {
        AgentProgram = agentProgram;
        _directory = Directory.CreateTempSubdirectory("weft-bench-").FullName;
        _namespace = NetworkNamespace.Create(_name);
        Directory.CreateDirectory(BpfMount);
        MountTable.MountBpf(BpfMount);
        using RtNetlink netlink = RtNetlink.Open(_namespace);
        netlink.Links.CreateVeth("ens3", new LinkSettings { Up = true }, "wire", new LinkSettings { Up = true });
        netlink.Addresses.Add(new InterfaceAddress { Device = netlink.Links.Get("ens3").Index, Address = IPAddress.Parse("192.168.2.61"), PrefixLength = 24 });
    }

    public string AgentProgram { get; }

    public string Socket => Path.Combine(_directory, "weft.sock");

    public Process Agent => _agent ?? throw new InvalidOperationException("read the agent's process: it is not started");

    private string BpfMount => Path.Combine(_directory, "bpf");

    /// <summary>Starts the agent and waits until it answers.</summary>
    /// <returns>Time from the start of the process to the first answer.</returns>
    public TimeSpan StartAgent()
    {
        long begin = Stopwatch.GetTimestamp();
        _agent = _namespace.Run(() => Process.Start(new ProcessStartInfo(AgentProgram, [
            "--node-name", "bpf1", "--node-ip", "192.168.2.61", "--device", "ens3", "--pod-cidr", "10.0.1.0/24",
            "--store", $"sqlite://{_directory}/store.db", "--socket", Socket, "--state-dir", Path.Combine(_directory, "state"),
            "--bpf-root", Path.Combine(BpfMount, "weft")]) { RedirectStandardError = true }));
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
            catch (AgentUnreachableException) when (!_agent.HasExited && Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(20))
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
        _namespace.Dispose();
        NetworkNamespace.Delete(_name);
        MountTable.Unmount(BpfMount);
        Directory.Delete(_directory, recursive: true);
    }
}
