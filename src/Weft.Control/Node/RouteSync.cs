using System.Net;
using Weft.Control.Cluster;
using Weft.Datapath.Devices;
using Weft.Model.Addressing;
using Weft.Model.Nodes;

namespace Weft.Control.Node;

/// <summary>Keeps this node's routes to pods, its own and the other nodes', and the devices that they lead to.</summary>
/// <remarks>
/// Run by a controller: when the cluster changes, when somebody takes a route away, and now and then. Routes of the last run are
/// believed as long as entries of the ipcache are (<see cref="ClusterReconciler.StaleGrace"/>).
/// </remarks>
public sealed class RouteSync(NodeKernel kernel, LocalNode local, ClusterView view, TimeProvider clock)
{
    public const string ControllerName = "sync-routes";

    private readonly long _born = clock.GetTimestamp();

    public Task RunAsync(CancellationToken cancellationToken)
    {
        kernel.RepairHost();
        (IReadOnlyCollection<HostRoute> wanted, List<string> failures) = Wanted(local, view.Nodes.Values);
        bool isYoung = clock.GetElapsedTime(_born) < ClusterReconciler.StaleGrace;
        failures.AddRange(kernel.Routes.Apply(kernel.Host.Host, wanted, keepOthers: isYoung));
        return failures.Count == 0
            ? Task.CompletedTask
            : throw new InvalidOperationException($"{failures.Count} routes to pods are not as they should be: {string.Join("; ", failures)}");
    }

    /// <summary>A route for each pod CIDR of a family that this node has, and what is wrong with those that get none.</summary>
    /// <remarks>
    /// A range from the store is taken only where it takes nothing away: no address or range of this node, and no address of
    /// another one, which a route to pods would cut off.
    /// </remarks>
    internal static (IReadOnlyCollection<HostRoute> Routes, List<string> Refused) Wanted(LocalNode local, IEnumerable<NodeRecord> nodes)
    {
        NodeRecord[] others = [.. nodes.OrderBy(node => node.Name.Value, StringComparer.Ordinal)];
        IPAddress[] addresses = [.. local.Addresses, .. others.SelectMany(node => node.Addresses)];
        Dictionary<IPNetwork, HostRoute> routes = local.PodCidrs.ToDictionary(range => range.Network, range => RouteTo(local, range)!);
        List<string> refused = [];
        foreach (NodeRecord node in others)
        {
            foreach (PodCidr range in node.PodCidrs)
            {
                if (local.PodCidrs.Any(range.Overlaps))
                {
                    refused.Add($"pod CIDR {range} of node {node.Name} overlaps this node's (one of the two needs another --pod-cidr)");
                }
                else if (addresses.FirstOrDefault(range.Contains) is { } inside)
                {
                    refused.Add($"pod CIDR {range} of node {node.Name} contains the node address {inside} (give it another --pod-cidr)");
                }
                else if (RouteTo(local, range) is { } route)
                {
                    routes.TryAdd(range.Network, route);
                }
            }
        }

        return (routes.Values, refused);
    }

    private static HostRoute? RouteTo(LocalNode local, PodCidr range) =>
        (range.IsIPv4 ? local.Router : local.Router6) is { } router ? new HostRoute(range.Network, router, local.Mtu.Route) : null;
}
