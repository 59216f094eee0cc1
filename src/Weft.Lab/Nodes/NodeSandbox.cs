using Weft.Lab.State;
using Weft.Lab.Topology;
using Weft.Linux;
using Weft.Linux.Mounts;
using Weft.Linux.Processes;

namespace Weft.Lab.Nodes;

/// <summary>What makes a node of a lab: a network namespace, directories, a BPF file system, a cgroup, and the mounts that put directories in their usual places.</summary>
/// <remarks>
/// The mounts exist only for the programs that run on the node: every one of them gets a mount namespace of its own with the same
/// content, so there is none to keep alive or to clean away.
/// </remarks>
public sealed class NodeSandbox
{
    /// <summary>Seen from the node: the directory that all nodes share.</summary>
    public const string StoreDirectory = "/var/lib/weft/store";

    /// <summary>Seen from the node: what its agent prints.</summary>
    public const string AgentLog = $"{RunMount}/agent.log";

    /// <summary>The same of containerd, where it runs.</summary>
    public const string ContainerdLog = $"{RunMount}/containerd.log";

    private const string RunMount = "/run/weft";
    private const string StateMount = "/var/lib/weft";
    internal const string BpfMount = "/sys/fs/bpf";

    private readonly LabPaths _paths;

    public NodeSandbox(LabPaths paths, string node)
    {
        _paths = paths;
        Node = node;
    }

    public string Node { get; }

    public string Netns => LabNames.NetnsOf(_paths.Lab, Node);

    /// <summary>Exists only where container runtimes are to run.</summary>
    public NodeMachine Machine => new(_paths, Node);

    public bool Exists => NetworkNamespace.Exists(Netns) && MountTable.IsMountPoint(_paths.BpfDirectory(Node))
        && new LabCgroups(_paths.Lab).IsWhole(Node);

    /// <summary>Makes it, with nothing running in it. The network namespace has a loopback device only.</summary>
    /// <param name="machine">Whether container runtimes are to run there.</param>
    public void Create(bool machine = false)
    {
        Directory.CreateDirectory(_paths.StoreDirectory);
        Directory.CreateDirectory(_paths.RunDirectory(Node));
        Directory.CreateDirectory(Path.Combine(_paths.StateDirectory(Node), Path.GetFileName(StoreDirectory)));
        Directory.CreateDirectory(_paths.BpfDirectory(Node));
        MountTable.MountBpf(_paths.BpfDirectory(Node));
        new LabCgroups(_paths.Lab).Create(Node);
        if (machine)
        {
            Machine.Create();
        }

        NetworkNamespace.Create(Netns).Dispose();
    }

    /// <summary>Runs a function on a thread that is on the node; programs that it starts are there too.</summary>
    public T Run<T>(Func<T> body)
    {
        using NetworkNamespace network = NetworkNamespace.Open(Netns);
        if (Machine.Exists)
        {
            return Machine.RunOn(network, body);
        }

        return MountNamespace.RunPrivate(network, () =>
        {
            Directory.CreateDirectory(StateMount);
            MountTable.Bind(_paths.StateDirectory(Node), StateMount);
            MountTable.Bind(_paths.StoreDirectory, StoreDirectory);
            MountTable.Bind(_paths.BpfDirectory(Node), BpfMount);
            // Last: it hides the lab's own directory, where the others come from.
            MountTable.Bind(_paths.RunDirectory(Node), RunMount);
            return body();
        });
    }

    /// <summary>The program, to be started by <see cref="Run{T}(Func{T})"/>, in the node's cgroup.</summary>
    public ProgramStart Enter(ProgramStart start) => Machine.Exists ? Machine.Enter(start) : new LabCgroups(_paths.Lab).Enter(Node, start);

    /// <summary>Takes away what <see cref="Create"/> made, however far it got. Nothing may run on the node any more.</summary>
    public void Remove()
    {
        NetworkNamespace.Delete(Netns);
        foreach (string target in MountTable.Below(_paths.NodeDirectory(Node)))
        {
            MountTable.Unmount(target);
        }
    }
}
