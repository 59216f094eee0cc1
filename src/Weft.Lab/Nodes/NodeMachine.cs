using Weft.Lab.State;
using Weft.Linux;
using Weft.Linux.Mounts;
using Weft.Linux.Processes;

namespace Weft.Lab.Nodes;

/// <summary>
/// What a node with a container runtime has beyond others: its own /run, /etc, /opt and /var/lib, so that runtimes find everything in its
/// usual place, and mounts that all programs on the node see, as on a machine.
/// </summary>
/// <remarks>
/// All of it is a file system in memory below the lab's directory, shared with every program on the node: a pod's network namespace
/// that a runtime binds to a name is seen by the agent, and a runtime that starts again finds its containers' mounts. /etc,
/// /opt and /var/lib show this machine's with the node's changes.
/// </remarks>
public sealed class NodeMachine
{
    private const string Run = "run";
    private const string Libraries = "var-lib";

    /// <summary>Shown as this machine's, with changes of the node's own; directory here → path.</summary>
    private static readonly (string Name, string Path)[] s_overlays = [("etc", "/etc"), ("opt", "/opt"), (Libraries, "/var/lib")];

    /// <summary>Below /var/lib; runtimes put overlays there, which cannot be on one.</summary>
    private static readonly string[] s_libraries = ["containerd", "containers"];

    private readonly LabPaths _paths;
    private readonly string _node;

    public NodeMachine(LabPaths paths, string node)
    {
        _paths = paths;
        _node = node;
    }

    public bool Exists => MountTable.IsMountPoint(Root);

    private MachineCgroups Cgroups => new(_paths.Lab, _node, Path.Combine(Root, "cgroup-namespace"));

    private string Root => _paths.MachineDirectory(_node);

    /// <summary>Seen from the node.</summary>
    private static string Pods => NetworkNamespace.Directory;

    public void Create()
    {
        Directory.CreateDirectory(Root);
        MountTable.MountSharedMemory(Root);
        foreach ((string name, string path) in s_overlays)
        {
            MountTable.MountOverlay(path, Make($"changes/{name}"), Make($"work/{name}"), Make(name));
        }

        Directory.CreateDirectory(OnHost(Pods));
        foreach (string library in s_libraries)
        {
            MountTable.Bind(Make(library), Make($"{Libraries}/{library}"));
        }

        MountTable.Bind(_paths.RunDirectory(_node), Make($"{Run}/weft"));
        MountTable.Bind(_paths.StateDirectory(_node), Make($"{Libraries}/weft"));
        MountTable.Bind(_paths.StoreDirectory, OnHost(NodeSandbox.StoreDirectory));
        Cgroups.Create();
    }

    /// <summary>Runs a function on a thread that is on the node.</summary>
    public T RunOn<T>(NetworkNamespace network, Func<T> body)
    {
        string[] targets = [.. s_overlays.Select(overlay => overlay.Path), $"/{Run}"];
        string[] sources = [.. s_overlays.Select(overlay => Path.Combine(Root, overlay.Name)), Path.Combine(Root, Run)];
        return MountNamespace.RunPrivate(network, sources, trees =>
        {
            Cgroups.Enter();
            MountTable.Bind(_paths.BpfDirectory(_node), NodeSandbox.BpfMount);
            // Last is /run: it hides the lab's own directory, where the others come from.
            foreach ((MountTree tree, string target) in trees.Zip(targets))
            {
                tree.Attach(target);
            }

            return body();
        });
    }

    /// <summary>The program, to be started by <see cref="RunOn{T}(NetworkNamespace, Func{T})"/>, in the node's cgroups.</summary>
    public ProgramStart Enter(ProgramStart start) => Cgroups.Start(start);

    /// <summary>Where the host has a file that is in one of the node's own directories.</summary>
    public string OnHost(string path)
    {
        foreach ((string name, string root) in s_overlays.Append((Run, $"/{Run}")))
        {
            if (path.StartsWith($"{root}/", StringComparison.Ordinal))
            {
                return Path.Combine(Root, name, path[(root.Length + 1)..]);
            }
        }

        throw new ArgumentException($"find {path} of node {_node}: it is not in a directory of the node's own");
    }

    /// <summary>Makes a namespace of the host known on the node, by the same name.</summary>
    public void ShowNamespace(string name)
    {
        string target = OnHost($"{Pods}/{name}");
        File.WriteAllBytes(target, []);
        MountTable.Bind($"{Pods}/{name}", target);
    }

    public void HideNamespace(string name)
    {
        string target = OnHost($"{Pods}/{name}");
        MountTable.Unmount(target);
        File.Delete(target);
    }

    private string Make(string name) => Directory.CreateDirectory(Path.Combine(Root, name)).FullName;
}
