using System.Net;
using Microsoft.Extensions.Logging;
using Weft.Control.Node;
using Weft.Control.Policy;
using Weft.Linux;
using Weft.Model.Identities;

namespace Weft.Control.Cluster;

/// <summary>Brings the datapath's tables of nodes and addresses to what the <see cref="ClusterView"/> says.</summary>
/// <remarks>
/// One run at a time (a controller sees to it). Nodes come before the addresses behind them, and additions before removals, so that
/// no packet to an address that stays finds nothing. An entry that cannot be written does not keep the others from being.
/// </remarks>
public sealed partial class ClusterReconciler(
    ClusterView view, LocalNode local, IReadOnlyList<IPNetwork> nativeCidrs, ServiceAddressSet serviceAddresses,
    PolicyPrefixes policyPrefixes, DatapathEntries entries, TimeProvider clock, ILoggerFactory loggers)
{
    /// <summary>
    /// How long entries of the last run are believed although the store does not tell of them: a store that was lost is filled
    /// again by the agents that come back, and no packet shall be lost until then.
    /// </summary>
    public static readonly TimeSpan StaleGrace = TimeSpan.FromMinutes(1);

    private readonly ILogger _log = loggers.CreateLogger<ClusterReconciler>();
    private readonly long _born = clock.GetTimestamp();
    private bool _staleRemoved;
    private readonly Dictionary<IPAddress, Identity> _nodesDone = [];
    private readonly Dictionary<IPNetwork, Destination> _addressesDone = [];

    /// <summary>Addresses that are marked as services': whoever reconciles services fills it, and a change is to run this one.</summary>
    public ServiceAddressSet ServiceAddresses { get; } = serviceAddresses;

    /// <summary>One run; throws when some entry could not be written, after having tried all.</summary>
    public Task ReconcileAsync(CancellationToken cancellationToken)
    {
        Dictionary<IPAddress, Identity> wantedNodes = WantedNodes();
        Dictionary<IPNetwork, Destination> wanted = WantedDestinations.Of(
            local, nativeCidrs, view.Nodes.Values, view.Addresses.Values, ServiceAddresses.Current, policyPrefixes.Current);
        List<string> failures = [];
        Apply(wantedNodes, _nodesDone, (address, identity) => entries.Nodes.Put(address, identity), failures);
        Apply(wanted, _addressesDone, Put, failures);
        RemoveOthers(wanted, _addressesDone, prefix => entries.Ipcache.Remove(prefix), failures);
        RemoveOthers(wantedNodes, _nodesDone, address => entries.Nodes.Remove(address), failures);
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
        int addresses = entries.Ipcache.RemoveWhere(
            prefix => !_addressesDone.ContainsKey(prefix) && !local.IsPodAddress(prefix.BaseAddress));
        int others = entries.Nodes.RemoveAllBut(_nodesDone.Keys);
        if (addresses + others > 0)
        {
            LogStale(addresses, others);
        }
    }

    private void Put(IPNetwork prefix, Destination to) => entries.Ipcache.Put(prefix, to.Identity, to.Tunnel, to.Flags);

    // Outer packets are IPv4, so it is by that address that a node's packets are known.
    private Dictionary<IPAddress, Identity> WantedNodes()
    {
        Dictionary<IPAddress, Identity> wanted = new() { [local.Address] = Identity.Host };
        foreach (IPAddress address in view.Nodes.Values.Select(node => node.TunnelEndpoint).OfType<IPAddress>())
        {
            wanted.TryAdd(address, Identity.RemoteNode);
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

    [LoggerMessage(EventId = 210, Level = LogLevel.Error, Message = "entry not written key={Key}")]
    private partial void LogEntryFailed(Exception error, string? key);

    [LoggerMessage(EventId = 211, Level = LogLevel.Information, Message = "stale entries removed ipcache={Addresses} nodes={Nodes}")]
    private partial void LogStale(int addresses, int nodes);
}
