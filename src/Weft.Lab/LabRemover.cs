using Weft.Lab.Nodes;
using Weft.Lab.Pods;
using Weft.Lab.State;
using Weft.Lab.Topology;
using Weft.Linux;
using Weft.Linux.Mounts;

namespace Weft.Lab;

/// <summary>Takes a lab away, whole or what a crash left of one: processes, namespaces, cgroups, mounts and with them all pins, directories.</summary>
public sealed class LabRemover
{
    private readonly LabDirectory _directory;

    public LabRemover(string lab) => _directory = new LabDirectory(lab);

    /// <returns>False if there was no such lab.</returns>
    public bool Remove(Action? waiting = null)
    {
        if (!Directory.Exists(_directory.Paths.Root))
        {
            return false;
        }

        using LabLock held = LabLock.Acquire(_directory.Paths, waiting);
        bool existed = Directory.EnumerateFileSystemEntries(_directory.Paths.Root).Any();
        RemoveLocked(_directory.ReadState() ?? LabState.Nothing, ReadTopology());
        return existed;
    }

    /// <summary>For a caller that holds the lock.</summary>
    /// <param name="topology">Names beyond those of the state; null: none.</param>
    internal void RemoveLocked(LabState state, LabTopology? topology)
    {
        LabPaths paths = _directory.Paths;
        List<string> nodes = [.. state.Nodes.Union(topology?.Nodes.Select(node => node.Name) ?? [])];
        List<string> pods = [.. state.Pods.Union(topology?.Pods.Select(pod => pod.Name) ?? [])];
        List<string> outside = [.. state.Outside.Union(topology?.Outside.Select(host => host.Name) ?? [])];
        LabCgroups cgroups = new(paths.Lab);
        IEnumerable<string> namespaces = [.. nodes.Concat(pods).Concat(outside).Append(LabNames.Underlay).Select(name => LabNames.NetnsOf(paths.Lab, name))];
        NamespaceProcesses.End(namespaces, [.. state.Agents.Values, .. state.Runtimes.Values, .. cgroups.Processes()]);
        foreach (string pod in pods)
        {
            new PodSandbox(paths.Lab, pod).Remove();
        }

        foreach (string node in nodes)
        {
            new NodeSandbox(paths, node).Remove();
        }

        foreach (string name in outside.Append(LabNames.Underlay))
        {
            NetworkNamespace.Delete(LabNames.NetnsOf(paths.Lab, name));
        }

        cgroups.Remove();
        MachineCgroups.RemoveV1(paths.Lab);
        foreach (string target in MountTable.Below(paths.Root))
        {
            MountTable.Unmount(target);
        }

        _directory.Remove();
    }

    /// <summary>The state names everything; the topology matters only where a crash came before the first state was written.</summary>
    private LabTopology? ReadTopology()
    {
        try
        {
            return _directory.ReadTopology();
        }
        catch (TopologyException)
        {
            return null;
        }
    }
}
