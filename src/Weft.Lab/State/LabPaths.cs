namespace Weft.Lab.State;

/// <summary>Where a lab keeps its things, as seen from the host. docs/guide/lab.md has the picture.</summary>
public sealed class LabPaths
{
    /// <summary>Every directory in it is a lab.</summary>
    public const string Labs = "/run/weft/lab";

    public LabPaths(string lab)
    {
        Lab = lab;
        Root = Path.Combine(Labs, lab);
    }

    public string Lab { get; }

    public string Root { get; }

    /// <summary>What has been made, written before it is made.</summary>
    public string StateFile => Path.Combine(Root, "lab.json");

    /// <summary>The topology as its author wrote it.</summary>
    public string TopologyFile => Path.Combine(Root, "topology.yaml");

    /// <summary>A directory, because SQLite makes files beside the store's.</summary>
    public string StoreDirectory => Path.Combine(Root, "store");

    public string StoreFile => Path.Combine(StoreDirectory, "store.db");

    /// <summary>Of a lab on etcd: its data and its log.</summary>
    public string EtcdDirectory => Path.Combine(Root, "etcd");

    public string EtcdLog => Path.Combine(EtcdDirectory, "etcd.log");

    public string NodeDirectory(string node) => Path.Combine(Root, "nodes", node);

    /// <summary>Is /run/weft on the node.</summary>
    public string RunDirectory(string node) => Path.Combine(NodeDirectory(node), "run");

    /// <summary>Is /var/lib/weft on the node.</summary>
    public string StateDirectory(string node) => Path.Combine(NodeDirectory(node), "state");

    /// <summary>A BPF file system of its own; is /sys/fs/bpf on the node.</summary>
    public string BpfDirectory(string node) => Path.Combine(NodeDirectory(node), "bpf");

    /// <summary>/run, /etc, /opt and /var/lib of a node with a container runtime.</summary>
    public string MachineDirectory(string node) => Path.Combine(NodeDirectory(node), "machine");

    /// <summary>Is /run/weft/agent.log on the node.</summary>
    public string AgentLog(string node) => Path.Combine(RunDirectory(node), "agent.log");

    /// <summary>Is /run/weft/containerd.log on a node that has it.</summary>
    public string ContainerdLog(string node) => Path.Combine(RunDirectory(node), "containerd.log");

    public string Socket(string node) => Path.Combine(RunDirectory(node), "weft.sock");

    /// <summary>What the agent calls /sys/fs/bpf/weft.</summary>
    public string BpfRoot(string node) => Path.Combine(BpfDirectory(node), "weft");
}
