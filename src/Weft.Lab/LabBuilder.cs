using Weft.Lab.Nodes;
using Weft.Lab.Runtimes;
using Weft.Lab.State;
using Weft.Lab.Stores;
using Weft.Lab.Topology;
using Weft.Linux;
using Weft.Linux.Processes;

namespace Weft.Lab;

/// <summary>Makes a lab be as its topology says: builds it, repairs it, or adds and removes pods.</summary>
/// <remarks>
/// Everything that is about to be made is named in the state file first. A build that fails takes away what it made; one that is
/// killed leaves a state marked unfinished, which the next 'up' or 'down' takes away by those names.
/// </remarks>
public sealed partial class LabBuilder
{
    private readonly LabDirectory _directory;
    private readonly LabPaths _paths;
    private readonly AgentLauncher _launcher;
    private readonly string _agentPath;
    private readonly IProgress<LabProgress> _progress;
    private readonly Lock _stateLock = new();
    private LabState _state = LabState.Nothing;

    /// <param name="agentPath">From <see cref="AgentLauncher.FindAgent"/>.</param>
    public LabBuilder(string lab, string agentPath, IProgress<LabProgress> progress)
    {
        _directory = new LabDirectory(lab);
        _paths = _directory.Paths;
        _launcher = new AgentLauncher(_paths, agentPath);
        _agentPath = agentPath;
        _progress = progress;
    }

    /// <param name="wanted">With the text that it was read from; null: as the lab is or was to be, or the default for a new one.</param>
    /// <param name="waiting">Called once if another command is at work on the lab.</param>
    public async Task<LabChange> BuildAsync((LabTopology Topology, string Text)? wanted, Action? waiting, CancellationToken cancellationToken)
    {
        if (!ProcessPrivileges.IsRoot)
        {
            throw new LabException($"build lab {_paths.Lab}: only root can make network namespaces (run as root, as in 'sudo weft lab up')");
        }

        using LabLock held = LabLock.Acquire(_paths, waiting);
        LabTopology? standing = ReadStanding();
        if (standing is null)
        {
            (LabTopology topology, string text) = wanted ?? ReadDamaged() ?? (TopologyReader.Default, LabTopology.DefaultText);
            await CreateAsync(topology, text, cancellationToken);
            return new LabChange(true, [.. topology.Nodes.Select(node => node.Name)], [.. topology.Pods.Select(pod => pod.Name)], []);
        }

        (LabTopology target, string targetText) = wanted ?? (standing, await File.ReadAllTextAsync(_paths.TopologyFile, cancellationToken));
        ThrowIfNodesDiffer(standing, target);
        return await RepairAsync(target, targetText, cancellationToken);
    }

    /// <summary>The topology of a lab that is up and whose nodes are whole; null if it has to be built.</summary>
    private LabTopology? ReadStanding()
    {
        LabState? state = _directory.ReadState();
        if (state is not { Phase: LabPhase.Up } || _directory.ReadTopology() is not { } topology)
        {
            return null;
        }

        bool whole = topology.Nodes.All(node => new NodeSandbox(_paths, node.Name).Exists) && new UnderlayNetwork(_paths.Lab, topology).Exists;
        _state = whole ? state : LabState.Nothing;
        return whole ? topology : null;
    }

    /// <summary>What a lab was built from, or was being built from, that is not whole: it is to be so again. Null for a new one.</summary>
    private (LabTopology Topology, string Text)? ReadDamaged()
    {
        try
        {
            return _directory.ReadTopology() is { } topology ? (topology, File.ReadAllText(_paths.TopologyFile)) : null;
        }
        catch (TopologyException)
        {
            return null;
        }
    }

    private void ThrowIfNodesDiffer(LabTopology standing, LabTopology target)
    {
        bool same = standing.Underlay == target.Underlay && standing.Underlay6 == target.Underlay6 && standing.Mtu == target.Mtu
            && standing.Store == target.Store && standing.Nodes.SequenceEqual(target.Nodes) && standing.Outside.SequenceEqual(target.Outside);
        if (!same)
        {
            throw new LabException(
                $"change lab {_paths.Lab}: it is up with other nodes or outside hosts, or on another store, than the topology names; only pods can change while it is up ('weft lab down --lab {_paths.Lab}' first)");
        }
    }

    private async Task CreateAsync(LabTopology topology, string text, CancellationToken cancellationToken)
    {
        LabRemover remover = new(_paths.Lab);
        remover.RemoveLocked(_directory.ReadState() ?? LabState.Nothing, topology);
        Directory.CreateDirectory(_paths.Root);
        _directory.WriteTopology(text);
        Change(_ => LabState.Nothing with
        {
            Nodes = [.. topology.Nodes.Select(node => node.Name)],
            Pods = [.. topology.Pods.Select(pod => pod.Name)],
            Outside = [.. topology.Outside.Select(host => host.Name)],
        });
        try
        {
            CreateNodes(topology);
            await EnsureEtcdAsync(topology, cancellationToken);
            await StartAgentsAsync(topology, topology.Nodes, cancellationToken);
            await StartRuntimesAsync([.. topology.Nodes.Where(node => node.Runtime != RuntimeKind.None)], importImages: true, cancellationToken);
            await AttachAsync(topology, topology.Pods, cancellationToken);
            Change(state => state with { Phase = LabPhase.Up });
        }
        catch
        {
            remover.RemoveLocked(_state, topology);
            throw;
        }
    }

    private void CreateNodes(LabTopology topology)
    {
        int total = topology.Nodes.Length;
        foreach ((int made, NodeSpec node) in topology.Nodes.Index())
        {
            _progress.Report(new LabProgress("nodes", made, total));
            new NodeSandbox(_paths, node.Name).Create(machine: node.Runtime != RuntimeKind.None);
        }

        new UnderlayNetwork(_paths.Lab, topology).Create();
        _progress.Report(new LabProgress("nodes", total, total));
    }

    /// <returns>Whether it had to be started.</returns>
    private async Task<bool> EnsureEtcdAsync(LabTopology topology, CancellationToken cancellationToken)
    {
        if (topology.Store != LabStoreKind.Etcd || _state.Etcd is { IsAlive: true })
        {
            return false;
        }

        LabEtcd etcd = new(_paths, topology);
        using ProcessHandle process = etcd.Start();
        Change(state => state with { Etcd = process.Identity });
        await etcd.WaitAsync(process, cancellationToken);
        return true;
    }

    private async Task StartAgentsAsync(LabTopology topology, IReadOnlyCollection<NodeSpec> nodes, CancellationToken cancellationToken)
    {
        int done = 0;
        _progress.Report(new LabProgress("agents", done, nodes.Count));
        await Task.WhenAll(nodes.Select(node => Task.Run(
            async () =>
            {
                using ProcessHandle agent = _launcher.Start(node, LabStore.LocationOnNodes(_paths, topology));
                Change(state => state with { Agents = state.Agents.SetItem(node.Name, agent.Identity) });
                await AgentReadiness.WaitAsync(_paths, node.Name, agent, cancellationToken);
                _progress.Report(new LabProgress("agents", Interlocked.Increment(ref done), nodes.Count));
            },
            cancellationToken)));
    }

    private async Task StartRuntimesAsync(IReadOnlyCollection<NodeSpec> nodes, bool importImages, CancellationToken cancellationToken)
    {
        if (nodes.Count == 0)
        {
            return;
        }

        int done = 0;
        _progress.Report(new LabProgress("runtimes", done, nodes.Count));
        foreach (NodeSpec node in nodes)
        {
            NodeRuntime runtime = new(_paths, node);
            runtime.Configure(_agentPath);
            using ProcessHandle? daemon = runtime.Start();
            if (daemon is not null)
            {
                Change(state => state with { Runtimes = state.Runtimes.SetItem(node.Name, daemon.Identity) });
            }

            if (importImages)
            {
                await runtime.ImportImagesAsync(cancellationToken);
            }

            _progress.Report(new LabProgress("runtimes", ++done, nodes.Count));
        }
    }

    private void Change(Func<LabState, LabState> change)
    {
        lock (_stateLock)
        {
            _state = change(_state);
            _directory.WriteState(_state);
        }
    }
}
