using System.Net;
using Weft.Control.State;
using Weft.Datapath;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;

namespace Weft.Control.Node;

/// <summary>Finds what the node was before a restart, or settles what it is from now on.</summary>
internal static class NodeStateReader
{
    /// <summary>Id of the node's own endpoint on a node's first start; pods get the ones after it.</summary>
    private static readonly EndpointId s_firstHostEndpoint = new(1);

    /// <exception cref="DatapathException">The settings contradict what pods of the last run depend on.</exception>
    public static (NodeState State, bool IsFirst) Settle(StateDirectory state, NodeSettings settings)
    {
        NodeState? before = Read(state);
        PodCidr podCidr = settings.PodCidr ?? throw new ArgumentException("the pod CIDR is not settled yet", nameof(settings));
        NodeState now = new()
        {
            Node = settings.Name,
            Cluster = settings.Cluster,
            Instance = before?.Instance ?? Guid.NewGuid().ToString("N"),
            PodCidr = podCidr,
            Router = RouterOf(podCidr, before?.PodCidr, before?.Router),
            PodCidr6 = settings.PodCidr6,
            Router6 = settings.PodCidr6 is { } range ? RouterOf(range, before?.PodCidr6, before?.Router6) : null,
            HostEndpoint = before?.HostEndpoint ?? s_firstHostEndpoint,
            Device = settings.Device,
            Store = settings.Store.ToString(),
        };
        if (before is not null)
        {
            RequireUnchanged(before, now, state);
        }

        if (now != before)
        {
            state.WriteNode(now);
        }

        return (now, before is null);
    }

    private static IPAddress RouterOf(PodCidr range, PodCidr? before, IPAddress? router) =>
        range == before && router is not null ? router : range.AddressAt(range.FirstUsable);

    /// <returns>Null: this is the node's first start.</returns>
    /// <exception cref="DatapathException">What is there cannot be read.</exception>
    public static NodeState? Read(StateDirectory state)
    {
        try
        {
            return state.ReadNode();
        }
        catch (StateFileException error)
        {
            throw new DatapathException(
                $"{error.Message} (remove the file: without pods the node starts anew; with pods, clean up first: 'weft-agent "
                    + "cleanup')", error);
        }
    }

    private static void RequireUnchanged(NodeState before, NodeState now, StateDirectory state)
    {
        List<string> changes = [];
        Compare("--node-name", before.Node, now.Node);
        Compare("--cluster-name", before.Cluster, now.Cluster);
        Compare("--pod-cidr", before.PodCidr, now.PodCidr);
        if (before.PodCidr6 is { } had)
        {
            // A node that gets IPv6 gives it to new pods, and those that it has do without.
            Compare("--pod-cidr", had.ToString(), now.PodCidr6?.ToString() ?? "without IPv6");
        }

        int pods = changes.Count == 0 ? 0 : state.CountPods();
        if (pods > 0)
        {
            throw new DatapathException(
                $"start with {string.Join(", ", changes)}: {pods} pods of this node depend on the old value (delete them or run "
                    + "'weft-agent cleanup' first, or start with the old value)");
        }

        void Compare<T>(string option, T was, T wanted)
        {
            if (!EqualityComparer<T>.Default.Equals(was, wanted))
            {
                changes.Add($"{option} {wanted} (was {was})");
            }
        }
    }
}
