using System.Collections.Immutable;
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
    private readonly TaskCompletionSource _nodesSynced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _addressesSynced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ImmutableDictionary<NodeName, NodeRecord> _nodes = ImmutableDictionary<NodeName, NodeRecord>.Empty;
    private volatile ImmutableDictionary<IPNetwork, AddressRecord> _addresses = ImmutableDictionary<IPNetwork, AddressRecord>.Empty;
    private volatile string? _nodesFailure;
    private volatile string? _addressesFailure;

    /// <summary>Raised on the follower's thread.</summary>
    public event Action? Changed;

    /// <summary>Raised when another store took the place of the known one: what is this node's must be published again.</summary>
    public event Action? StoreReplaced;

    /// <summary>All but this one.</summary>
    public ImmutableDictionary<NodeName, NodeRecord> Nodes => _nodes;

    /// <summary>Those behind other nodes.</summary>
    public ImmutableDictionary<IPNetwork, AddressRecord> Addresses => _addresses;

    /// <summary>Why the store cannot be followed at the moment; null: it is.</summary>
    public string? Failure => _nodesFailure ?? _addressesFailure;

    /// <summary>Completes when everything that the store had has been read once.</summary>
    public Task Synced => Task.WhenAll(_nodesSynced.Task, _addressesSynced.Task);

    /// <summary>Reads until cancelled.</summary>
    public async Task FollowNodesAsync(NodeRegistry registry, CancellationToken cancellationToken)
    {
        await foreach (RecordEvent<NodeRecord> step in registry.FollowAsync(cancellationToken).ConfigureAwait(false))
        {
            if (step.Record is { } node && node.Name != local.Name)
            {
                _nodes = step.Kind == RecordEventKind.Removed ? _nodes.Remove(node.Name) : _nodes.SetItem(node.Name, node);
                LogNode(step.Kind, node.Name);
            }

            _nodesFailure = Note(step, _nodesFailure, _nodesSynced);
            Changed?.Invoke();
        }
    }

    /// <summary>Reads until cancelled.</summary>
    public async Task FollowAddressesAsync(AddressRegistry registry, CancellationToken cancellationToken)
    {
        await foreach (RecordEvent<AddressRecord> step in registry.FollowAsync(cancellationToken).ConfigureAwait(false))
        {
            if (step.Record is { } address && IsRemote(address))
            {
                _addresses = step.Kind == RecordEventKind.Removed
                    ? _addresses.Remove(address.Prefix)
                    : _addresses.SetItem(address.Prefix, address);
            }

            _addressesFailure = Note(step, _addressesFailure, _addressesSynced);
            Changed?.Invoke();
        }
    }

    // A record that puts another node in front of this node's own pods is not believed.
    private bool IsRemote(AddressRecord address) =>
        address.Node != local.Name && !local.IsPodAddress(address.Prefix.BaseAddress);

    private string? Note<T>(RecordEvent<T> step, string? failure, TaskCompletionSource synced)
        where T : class
    {
        switch (step.Kind)
        {
            case RecordEventKind.Synced:
                synced.TrySetResult();
                if (failure is not null)
                {
                    LogRestored();
                }

                if (step.IsOtherStore)
                {
                    LogReplaced();
                    StoreReplaced?.Invoke();
                }

                return null;
            case RecordEventKind.Interrupted:
                // Told once, not with every try.
                if (failure is null)
                {
                    LogInterrupted(step.Failure);
                }

                return step.Failure ?? "the store cannot be reached";
            case RecordEventKind.Rejected:
                LogRejected(step.Failure);
                return failure;
            default:
                return failure;
        }
    }

    [LoggerMessage(EventId = 200, Level = LogLevel.Information, Message = "node {Kind} name={Name}")]
    private partial void LogNode(RecordEventKind kind, NodeName name);

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "store interrupted why='{Why}'; the datapath keeps what it has")]
    private partial void LogInterrupted(string? why);

    [LoggerMessage(EventId = 204, Level = LogLevel.Information, Message = "store restored")]
    private partial void LogRestored();

    [LoggerMessage(EventId = 203, Level = LogLevel.Warning, Message = "store replaced; publishing again")]
    private partial void LogReplaced();

    [LoggerMessage(EventId = 202, Level = LogLevel.Warning, Message = "record rejected why='{Why}'")]
    private partial void LogRejected(string? why);
}
