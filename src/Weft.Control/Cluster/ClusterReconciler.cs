using System.Net;
using Microsoft.Extensions.Logging;
using Weft.Control.Node;
using Weft.Datapath.Maps;
using Weft.Linux;
using Weft.Model.Addressing;
using Weft.Model.Identities;
using Weft.Model.Nodes;

namespace Weft.Control.Cluster;

/// <summary>Brings the datapath's tables of nodes and addresses to what the <see cref="ClusterView"/> says.</summary>
/// <remarks>
/// One run at a time (a controller sees to it). Nodes come before the addresses behind them, and additions before removals, so that
/// no packet to an address that stays finds nothing. An entry that cannot be written does not keep the others from being.
/// </remarks>
public sealed partial class ClusterReconciler(
    ClusterView view, LocalNode local, NodeEntries nodes, IpcacheEntries ipcache, TimeProvider clock, ILoggerFactory loggers)
{
    /// <summary>
    /// How long entries of the last run are believed although the store does not tell of them: a store that was lost is filled
    /// again by the agents that come back, and no packet shall be lost until then.
    /// </summary>
    public static readonly TimeSpan StaleGrace = TimeSpan.FromMinutes(1);

    private static readonly IPNetwork s_world = new(IPAddress.Any, 0);

    private readonly ILogger _log = loggers.CreateLogger<ClusterReconciler>();
    private readonly long _born = clock.GetTimestamp();
    private bool _staleRemoved;
    private readonly Dictionary<IPAddress, Identity> _nodesDone = [];
    private readonly Dictionary<IPNetwork, Destination> _addressesDone = [];

    /// <summary>What this node says of itself: its own addresses, and the rest of the world.</summary>
    public void WriteOwn()
    {
        nodes.Put(local.Address, Identity.Host);
        foreach ((IPNetwork prefix, Destination destination) in Own())
        {
            ipcache.Put(prefix, destination.Identity, destination.Tunnel);
        }
    }

    /// <summary>One run; throws when some entry could not be written, after having tried all.</summary>
    public Task ReconcileAsync(CancellationToken cancellationToken)
    {
        Dictionary<IPAddress, Identity> wantedNodes = WantedNodes();
        Dictionary<IPNetwork, Destination> wanted = WantedAddresses();
        List<string> failures = [];
        Apply(wantedNodes, _nodesDone, (address, identity) => nodes.Put(address, identity), failures);
        Apply(wanted, _addressesDone, (prefix, to) => ipcache.Put(prefix, to.Identity, to.Tunnel), failures);
        RemoveOthers(wanted, _addressesDone, prefix => ipcache.Remove(prefix), failures);
        RemoveOthers(wantedNodes, _nodesDone, address => nodes.Remove(address), failures);
        if (!_staleRemoved && clock.GetElapsedTime(_born) >= StaleGrace)
        {
            RemoveStale();
            _staleRemoved = true;
        }

        return failures.Count == 0
            ? Task.CompletedTask
            : throw new InvalidOperationException($"{failures.Count} entries of nodes and addresses could not be written: {failures[0]}");
    }

    /// <summary>
    /// Removes what the last run wrote and nobody wants any more. Addresses of this node's own pods are the endpoints' affair.
    /// </summary>
    private void RemoveStale()
    {
        HashSet<IPNetwork> wanted = [.. Own().Select(own => own.Prefix), .. _addressesDone.Keys];
        int addresses = ipcache.RemoveWhere(prefix => !wanted.Contains(prefix) && !local.PodCidr.Contains(prefix.BaseAddress));
        int others = nodes.RemoveAllBut([local.Address, .. _nodesDone.Keys]);
        if (addresses + others > 0)
        {
            LogStale(addresses, others);
        }
    }

    private IEnumerable<(IPNetwork Prefix, Destination Destination)> Own() =>
    [
        (s_world, new Destination(Identity.World, null)),
        (new IPNetwork(local.Address, 32), new Destination(Identity.Host, null)),
        (new IPNetwork(local.Router, 32), new Destination(Identity.Host, null)),
    ];

    private Dictionary<IPAddress, Identity> WantedNodes() =>
        view.Nodes.Values.SelectMany(node => node.Addresses).Where(address => !address.Equals(local.Address)).Distinct()
            .ToDictionary(address => address, _ => Identity.RemoteNode);

    private Dictionary<IPNetwork, Destination> WantedAddresses()
    {
        Dictionary<IPNetwork, Destination> wanted = [];
        foreach (NodeRecord node in view.Nodes.Values.Where(node => !node.Addresses.IsEmpty))
        {
            foreach (IPAddress router in node.Routers)
            {
                wanted[Single(router)] = new Destination(Identity.RemoteNode, node.Addresses[0]);
            }

            foreach (IPAddress address in node.Addresses)
            {
                wanted[Single(address)] = new Destination(Identity.RemoteNode, null);
            }
        }

        foreach (AddressRecord record in view.Addresses.Values)
        {
            wanted[record.Prefix] = new Destination(record.Identity, record.NodeAddress);
        }

        return wanted;
    }

    private void Apply<TKey, TValue>(
        Dictionary<TKey, TValue> wanted, Dictionary<TKey, TValue> done, Action<TKey, TValue> write, List<string> failures)
        where TKey : notnull
    {
        foreach ((TKey key, TValue value) in wanted)
        {
            if (done.TryGetValue(key, out TValue? there) && EqualityComparer<TValue>.Default.Equals(there, value))
            {
                continue;
            }

            Try(key, failures, () =>
            {
                write(key, value);
                done[key] = value;
            });
        }
    }

    private void RemoveOthers<TKey, TValue>(
        Dictionary<TKey, TValue> wanted, Dictionary<TKey, TValue> done, Action<TKey> remove, List<string> failures)
        where TKey : notnull
    {
        foreach (TKey key in done.Keys.Where(key => !wanted.ContainsKey(key)).ToArray())
        {
            Try(key, failures, () =>
            {
                remove(key);
                done.Remove(key);
            });
        }
    }

    private void Try<TKey>(TKey key, List<string> failures, Action action)
    {
        try
        {
            action();
        }
        catch (LinuxException error)
        {
            LogEntryFailed(error, key?.ToString());
            failures.Add($"{key}: {error.Message}");
        }
    }

    private static IPNetwork Single(IPAddress address) => new(address, address.GetAddressBytes().Length * 8);

    /// <summary>Who has an address, and the node to encapsulate to.</summary>
    private sealed record Destination(Identity Identity, IPAddress? Tunnel);

    [LoggerMessage(EventId = 210, Level = LogLevel.Error, Message = "entry not written key={Key}")]
    private partial void LogEntryFailed(Exception error, string? key);

    [LoggerMessage(EventId = 211, Level = LogLevel.Information, Message = "stale entries removed ipcache={Addresses} nodes={Nodes}")]
    private partial void LogStale(int addresses, int nodes);
}
