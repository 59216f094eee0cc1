using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using Weft.Control.Cluster;
using Weft.Control.Identities;
using Weft.Control.Services;
using Weft.Model.Identities;
using Weft.Model.Policies;
using Weft.Model.Services;
using Weft.Policy.Documents;
using Weft.Policy.Reading;
using Weft.Policy.Resolution;
using Weft.Store.Following;

namespace Weft.Control.Policy;

/// <summary>Tells the node's policy what the store says: policies, namespaces, identities, services.</summary>
/// <remarks>
/// A policy that this agent cannot read, because a newer one wrote it, keeps the form that was read last, and is told in the log.
/// </remarks>
public sealed partial class PolicyFeed(NodePolicy policy, PolicyRegistry registry, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger<PolicyFeed>();
    private readonly FollowerProgress _policies = new(loggers.CreateLogger<PolicyFeed>());
    private readonly FollowerProgress _namespaces = new(loggers.CreateLogger<PolicyFeed>());
    private readonly FollowerProgress _identities = new(loggers.CreateLogger<PolicyFeed>());
    private readonly FollowerProgress _services = new(loggers.CreateLogger<PolicyFeed>());
    private readonly FollowerProgress _slices = new(loggers.CreateLogger<PolicyFeed>());
    private readonly Lock _serviceLock = new();
    private readonly Dictionary<ResourceName, ServiceRecord> _serviceRecords = [];
    private readonly Dictionary<ResourceName, EndpointSliceRecord> _sliceRecords = [];

    /// <summary>Raised on the follower's thread with every policy's name.</summary>
    public event Action<RecordEventKind, PolicyRecord>? PolicyChanged;

    /// <summary>Why the store cannot be followed at the moment; null: it is.</summary>
    public string? Failure =>
        _policies.Failure ?? _namespaces.Failure ?? _identities.Failure ?? _services.Failure ?? _slices.Failure;

    /// <summary>Completes when everything that the store had has been read once.</summary>
    public Task Synced => Task.WhenAll(_policies.Synced, _namespaces.Synced, _identities.Synced, _services.Synced, _slices.Synced);

    /// <summary>Reads until cancelled.</summary>
    public async Task FollowPoliciesAsync(CancellationToken cancellationToken)
    {
        await foreach (RecordEvent<PolicyRecord> step in registry.FollowPoliciesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (step.Record is { } record)
            {
                await ApplyAsync(step.Kind, record, cancellationToken).ConfigureAwait(false);
                PolicyChanged?.Invoke(step.Kind, record);
            }

            _policies.Note(step);
        }
    }

    /// <summary>Reads until cancelled.</summary>
    public async Task FollowNamespacesAsync(CancellationToken cancellationToken)
    {
        await foreach (RecordEvent<NamespaceRecord> step in registry.FollowNamespacesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (step.Record is { } record)
            {
                Action<PolicyEngine> change = step.Kind == RecordEventKind.Removed
                    ? engine => engine.RemoveNamespace(record.Name)
                    : engine => engine.PutNamespace(new PolicyNamespace(record.Name, record.Labels));
                await policy.ChangeAsync(change, isRule: false, cancellationToken).ConfigureAwait(false);
            }

            _namespaces.Note(step);
        }
    }

    /// <summary>Reads until cancelled, and keeps the allocator's cache.</summary>
    public async Task FollowIdentitiesAsync(IdentityAllocator identities, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(identities);
        await foreach (RecordEvent<IdentityRecord> step in identities.FollowAsync(cancellationToken).ConfigureAwait(false))
        {
            if (step.Record is { } record)
            {
                await (step.Kind == RecordEventKind.Removed
                    ? policy.RemoveIdentityAsync(record.Id, cancellationToken)
                    : policy.PutIdentityAsync(record, cancellationToken)).ConfigureAwait(false);
            }

            _identities.Note(step);
        }
    }

    /// <summary>Reads until cancelled.</summary>
    public async Task FollowServicesAsync(ServiceRegistry services, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        await foreach (RecordEvent<ServiceRecord> step in services.FollowServicesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (step.Record is { } record)
            {
                await TellAsync(record.Name, () => Note(_serviceRecords, step.Kind, record.Name, record), cancellationToken).ConfigureAwait(false);
            }

            _services.Note(step);
        }
    }

    /// <summary>Reads until cancelled.</summary>
    public async Task FollowSlicesAsync(ServiceRegistry services, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        await foreach (RecordEvent<EndpointSliceRecord> step in services.FollowSlicesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (step.Record is { } record)
            {
                await TellAsync(record.Service, () => Note(_sliceRecords, step.Kind, record.Name, record), cancellationToken).ConfigureAwait(false);
            }

            _slices.Note(step);
        }
    }

    private async Task ApplyAsync(RecordEventKind kind, PolicyRecord record, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse(record.Kind, out PolicyKind policyKind))
        {
            LogUnreadable(record.Kind, record.Namespace, record.Name, "this agent does not know the kind");
            return;
        }

        PolicyName name = new(policyKind, record.Namespace, record.Name);
        if (kind == RecordEventKind.Removed)
        {
            await policy.ChangeAsync(engine => engine.RemovePolicy(name), isRule: true, cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            PolicyDocument document = PolicyReader.Parse(record.Text, name.ToString(), record.FirstLine).Policies.Single(read => read.Name == name);
            await policy.ChangeAsync(engine => engine.PutPolicy(document), isRule: true, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is PolicyException or InvalidOperationException)
        {
            LogUnreadable(record.Kind, record.Namespace, record.Name, error.Message);
        }
    }

    private async Task TellAsync(ResourceName name, Action note, CancellationToken cancellationToken)
    {
        ServiceTargets? targets;
        lock (_serviceLock)
        {
            note();
            targets = _serviceRecords.TryGetValue(name, out ServiceRecord? service) ? TargetsOf(service) : null;
        }

        Action<PolicyEngine> change = targets is null ? engine => engine.RemoveService(name) : engine => engine.PutService(targets);
        await policy.ChangeAsync(change, isRule: true, cancellationToken).ConfigureAwait(false);
    }

    private ServiceTargets TargetsOf(ServiceRecord service)
    {
        ImmutableArray<IPAddress> addresses = service.Selector.IsEmpty
            ? [.. _sliceRecords.Values.Where(slice => slice.Service == service.Name)
                .SelectMany(slice => slice.Endpoints).Select(endpoint => endpoint.Address).Distinct()
                .OrderBy(address => address.ToString(), StringComparer.Ordinal)]
            : [];
        return new ServiceTargets(service.Name, service.Labels, service.Selector, addresses);
    }

    private static void Note<T>(Dictionary<ResourceName, T> records, RecordEventKind kind, ResourceName name, T record)
    {
        if (kind == RecordEventKind.Removed)
        {
            records.Remove(name);
        }
        else
        {
            records[name] = record;
        }
    }

    [LoggerMessage(EventId = 310, Level = LogLevel.Error, Message = "policy not read kind={Kind} namespace={Namespace} name={Name} why='{Why}'")]
    private partial void LogUnreadable(string kind, string @namespace, string name, string why);
}
