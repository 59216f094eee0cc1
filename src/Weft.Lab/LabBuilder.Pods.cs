using System.Collections.Immutable;
using Weft.Api.Endpoints;
using Weft.Lab.Pods;
using Weft.Lab.Topology;
using Weft.Linux.Processes;

namespace Weft.Lab;

/// <summary>Pods of a lab, and repair of one that is up.</summary>
public sealed partial class LabBuilder
{
    /// <summary>Enough to keep every agent busy; more would only queue at the kernel's lock on devices.</summary>
    private const int PodsAtOnce = 8;

    private async Task<LabChange> RepairAsync(LabTopology target, string text, CancellationToken cancellationToken)
    {
        bool etcdStarted = await EnsureEtcdAsync(target, cancellationToken);
        ImmutableArray<NodeSpec> silent =
            [.. target.Nodes.Where(node => !_state.Agents.TryGetValue(node.Name, out ProcessIdentity agent) || !agent.IsAlive)];
        if (silent.Length > 0)
        {
            await StartAgentsAsync(target, silent, cancellationToken);
        }

        // One without a daemon is as it was made.
        await StartRuntimesAsync(
            [.. target.Nodes.Where(node => _state.Runtimes.TryGetValue(node.Name, out ProcessIdentity daemon) && !daemon.IsAlive)],
            importImages: false, cancellationToken);
        Change(state => state with { Pods = state.Pods.Union(target.Pods.Select(pod => pod.Name)) });
        (List<string> removed, List<PodSpec> missing) = await RemoveUnwantedAsync(target, cancellationToken);
        if (missing.Count > 0)
        {
            await AttachAsync(target, missing, cancellationToken);
        }

        // One whose endpoint somebody else deleted has left its namespace.
        foreach (string gone in _state.Pods.Except(target.Pods.Select(pod => pod.Name)))
        {
            new PodSandbox(_paths.Lab, gone).Remove();
        }

        _directory.WriteTopology(text);
        Change(state => state with { Pods = [.. target.Pods.Select(pod => pod.Name)] });
        return new LabChange(false, [.. silent.Select(node => node.Name)], [.. missing.Select(pod => pod.Name)], [.. removed], etcdStarted);
    }

    /// <summary>Detaches pods that the topology does not name, or names differently.</summary>
    private async Task<(List<string> Removed, List<PodSpec> Missing)> RemoveUnwantedAsync(LabTopology target, CancellationToken cancellationToken)
    {
        List<string> removed = [];
        HashSet<string> standing = [];
        foreach (NodeSpec node in target.Nodes)
        {
            using PodAttacher attacher = new(_paths, node);
            foreach ((string pod, EndpointResource endpoint) in await attacher.ListAsync(cancellationToken))
            {
                PodSpec? spec = target.FindPod(pod);
                if (spec?.Node == node.Name && new PodSandbox(_paths.Lab, pod).Exists && PodAttacher.Fits(spec, endpoint))
                {
                    standing.Add(pod);
                    continue;
                }

                await attacher.DetachAsync(pod, endpoint, cancellationToken);
                removed.Add(pod);
            }
        }

        return (removed, [.. target.Pods.Where(pod => !standing.Contains(pod.Name))]);
    }

    private async Task AttachAsync(LabTopology topology, IReadOnlyCollection<PodSpec> pods, CancellationToken cancellationToken)
    {
        int done = 0;
        _progress.Report(new LabProgress("pods", done, pods.Count));
        Dictionary<string, PodAttacher> attachers = topology.Nodes.ToDictionary(node => node.Name, node => new PodAttacher(_paths, node));
        try
        {
            ParallelOptions options = new() { MaxDegreeOfParallelism = PodsAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(pods, options, async (pod, stop) =>
            {
                await attachers[pod.Node].AttachAsync(pod, stop);
                _progress.Report(new LabProgress("pods", Interlocked.Increment(ref done), pods.Count));
            });
        }
        finally
        {
            foreach (PodAttacher attacher in attachers.Values)
            {
                attacher.Dispose();
            }
        }
    }
}
