using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using Weft.Control.Addresses;
using Weft.Control.Node;
using Weft.Control.Nodes;
using Weft.Model.Addressing;
using Weft.Model.Nodes;
using Weft.Store.Following;

namespace Weft.Control.Cluster;

/// <summary>The other nodes and the addresses behind them, as the store tells: what should be, not what the datapath has.</summary>
/// <remarks>
/// Written by the followers, read by anybody; each snapshot is consistent in itself. Raises <see cref="Changed"/> after every step.
/// </remarks>
public sealed partial class ClusterView(LocalNode local, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger<ClusterView>();
    private readonly FollowerProgress _nodesProgress = new(loggers.CreateLogger<ClusterView>());
    private readonly FollowerProgress _addressesProgress = new(loggers.CreateLogger<ClusterView>());
    private volatile ImmutableDictionary<NodeName, NodeRecord> _nodes = ImmutableDictionary<NodeName, NodeRecord>.Empty;
    private volatile ImmutableDictionary<IPNetwork, AddressRecord> _addresses = ImmutableDictionary<IPNetwork, AddressRecord>.Empty;
    private volatile ImmutableDictionary<IPNetwork, AddressRecord> _own = ImmutableDictionary<IPNetwork, AddressRecord>.Empty;

    /// <summary>When another store took the place of the known one; 0: never.</summary>
    private long _replaced;

    /// <summary>Raised on the follower's thread.</summary>
    public event Action? Changed;

    /// <summary>Raised on the follower's thread with every record of another node.</summary>
    public event Action<RecordEventKind, NodeRecord>? NodeChanged;

    /// <summary>Raised on the follower's thread with every record of an address, this node's among them.</summary>
    public event Action<RecordEventKind, AddressRecord>? AddressChanged;

    /// <summary>Raised when another store took the place of the known one: what is this node's must be published again.</summary>
    public event Action? StoreReplaced;

    /// <summary>Raised when the store answers again after it did not: what it could not be told is to be told now.</summary>
    public event Action? StoreRestored;

    /// <summary>All but this one.</summary>
    public ImmutableDictionary<NodeName, NodeRecord> Nodes => _nodes;

    /// <summary>Those behind other nodes.</summary>
    public ImmutableDictionary<IPNetwork, AddressRecord> Addresses => _addresses;

    /// <summary>What the store says of this node's addresses; null while that cannot be told.</summary>
    public ImmutableDictionary<IPNetwork, AddressRecord>? Own =>
        _addressesProgress is { Failure: null, Synced.IsCompletedSuccessfully: true } && !RemembersFormerStore ? _own : null;

    /// <summary>What another store lacks is held for a while as if it were there, so nobody can tell from it what has to be published.</summary>
    private bool RemembersFormerStore =>
        Volatile.Read(ref _replaced) is var at and not 0 && Stopwatch.GetElapsedTime(at) < 2 * StoreFollower.HoldRemovals;

    /// <summary>Why the store cannot be followed at the moment; null: it is.</summary>
    public string? Failure => _nodesProgress.Failure ?? _addressesProgress.Failure;

    /// <summary>Completes when everything that the store had has been read once.</summary>
    public Task Synced => Task.WhenAll(_nodesProgress.Synced, _addressesProgress.Synced);

    /// <summary>Reads until cancelled.</summary>
    public async Task FollowNodesAsync(NodeRegistry registry, CancellationToken cancellationToken)
    {
        await foreach (RecordEvent<NodeRecord> step in registry.FollowAsync(cancellationToken).ConfigureAwait(false))
        {
            if (step.Record is { } node && node.Name != local.Name)
            {
                _nodes = step.Kind == RecordEventKind.Removed ? _nodes.Remove(node.Name) : _nodes.SetItem(node.Name, node);
                LogNode(step.Kind, node.Name);
                NodeChanged?.Invoke(step.Kind, node);
            }

            Note(step, _nodesProgress);
        }
    }

    /// <summary>Reads until cancelled.</summary>
    public async Task FollowAddressesAsync(AddressRegistry registry, CancellationToken cancellationToken)
    {
        await foreach (RecordEvent<AddressRecord> step in registry.FollowAsync(cancellationToken).ConfigureAwait(false))
        {
            if (step.Record is { } address)
            {
                bool isRemote = IsRemote(address);
                _addresses = isRemote && step.Kind == RecordEventKind.Put
                    ? _addresses.SetItem(address.Prefix, address)
                    : _addresses.Remove(address.Prefix);
                _own = !isRemote && step.Kind == RecordEventKind.Put
                    ? _own.SetItem(address.Prefix, address)
                    : _own.Remove(address.Prefix);
                AddressChanged?.Invoke(step.Kind, address);
            }

            Note(step, _addressesProgress);
        }
    }

    // A record that puts another node in front of this node's own pods is not believed.
    private bool IsRemote(AddressRecord address) =>
        address.Node != local.Name && !local.IsPodAddress(address.Prefix.BaseAddress);

    private void Note<T>(RecordEvent<T> step, FollowerProgress progress)
        where T : class
    {
        bool wasAway = progress.Failure is not null;
        if (progress.Note(step))
        {
            Volatile.Write(ref _replaced, Stopwatch.GetTimestamp());
            StoreReplaced?.Invoke();
        }

        if (wasAway && Failure is null)
        {
            StoreRestored?.Invoke();
        }

        Changed?.Invoke();
    }

    [LoggerMessage(EventId = 200, Level = LogLevel.Information, Message = "node {Kind} name={Name}")]
    private partial void LogNode(RecordEventKind kind, NodeName name);
}
