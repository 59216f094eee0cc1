using Microsoft.Extensions.Logging;
using Weft.Control.Cluster;
using Weft.Model.Nodes;
using Weft.Model.Services;
using Weft.Services;
using Weft.Store.Following;

namespace Weft.Control.Services;

/// <summary>The cluster's services as the store tells, worked out for this node: what should be, not what the datapath has.</summary>
/// <remarks>Written by the followers, read by anybody. Raises <see cref="Changed"/> after every step.</remarks>
public sealed class ServiceView
{
    private readonly Lock _lock = new();
    private readonly ServiceResolver _resolver;
    private readonly FollowerProgress _services;
    private readonly FollowerProgress _slices;
    private volatile ServiceTable _table = ServiceTable.Empty;

    public ServiceView(NodeName node, ILoggerFactory loggers)
    {
        ILogger log = loggers.CreateLogger<ServiceView>();
        _resolver = new ServiceResolver(node);
        _services = new FollowerProgress(log);
        _slices = new FollowerProgress(log);
    }

    /// <summary>Raised on a follower's thread.</summary>
    public event Action? Changed;

    /// <summary>Raised on the follower's thread with every record of a service.</summary>
    public event Action<RecordEventKind, ServiceRecord>? ServiceChanged;

    /// <summary>As of the last <see cref="Resolve"/>.</summary>
    public ServiceTable Table => _table;

    /// <summary>Why the store cannot be followed at the moment; null: it is.</summary>
    public string? Failure => _services.Failure ?? _slices.Failure;

    /// <summary>Completes when everything that the store had has been read once.</summary>
    public Task Synced => Task.WhenAll(_services.Synced, _slices.Synced);

    /// <summary>Works out what has changed since the last call. Returns the keys whose frontend is new, another, or gone.</summary>
    public IReadOnlySet<FrontendKey> Resolve()
    {
        lock (_lock)
        {
            IReadOnlySet<FrontendKey> changed = _resolver.Resolve();
            _table = _resolver.Table;
            return changed;
        }
    }

    /// <summary>Reads until cancelled.</summary>
    public Task FollowServicesAsync(ServiceRegistry registry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return FollowAsync(registry.FollowServicesAsync(cancellationToken));
    }

    /// <summary>Reads until cancelled.</summary>
    public Task FollowSlicesAsync(ServiceRegistry registry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return FollowAsync(registry.FollowSlicesAsync(cancellationToken));
    }

    internal async Task FollowAsync(IAsyncEnumerable<RecordEvent<ServiceRecord>> steps)
    {
        await foreach (RecordEvent<ServiceRecord> step in steps.ConfigureAwait(false))
        {
            if (step.Record is { } service)
            {
                Change(() => Apply(step.Kind, service, step.Created.Value));
                ServiceChanged?.Invoke(step.Kind, service);
            }

            _services.Note(step);
            Changed?.Invoke();
        }
    }

    internal async Task FollowAsync(IAsyncEnumerable<RecordEvent<EndpointSliceRecord>> steps)
    {
        await foreach (RecordEvent<EndpointSliceRecord> step in steps.ConfigureAwait(false))
        {
            if (step.Record is { } slice)
            {
                Change(() => Apply(step.Kind, slice));
            }

            _slices.Note(step);
            Changed?.Invoke();
        }
    }

    private void Apply(RecordEventKind kind, ServiceRecord service, long created)
    {
        if (kind == RecordEventKind.Removed)
        {
            _resolver.RemoveService(service.Name);
        }
        else
        {
            _resolver.PutService(service, created);
        }
    }

    private void Apply(RecordEventKind kind, EndpointSliceRecord slice)
    {
        if (kind == RecordEventKind.Removed)
        {
            _resolver.RemoveSlice(slice.Name);
        }
        else
        {
            _resolver.PutSlice(slice);
        }
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
        }
    }
}
