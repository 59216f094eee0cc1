using System.Collections.Frozen;
using System.Net;
using Microsoft.Extensions.Logging;
using Weft.Datapath.Maps;
using Weft.Datapath.Policy;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Control.Policy;

/// <summary>The policy of this node's endpoints: what is known of the cluster, worked out, and put into the datapath.</summary>
/// <remarks>
/// Thread-safe; changes wait for each other. Order of a change in the datapath: tables, then the ipcache's prefixes. An identity of a
/// prefix that is gone stays in the tables, with the rights of the prefix around it, until the ipcache gives it to nobody.
/// </remarks>
public sealed partial class NodePolicy : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly PolicyTables _tables;
    private readonly EndpointEntries _entries;
    private readonly Dictionary<EndpointId, Subject> _endpoints = [];
    private readonly Dictionary<Identity, int> _uses = [];
    private readonly Dictionary<Identity, LabelSet> _labels = ReservedIdentities.All.ToDictionary(record => record.Id, record => record.Labels);
    private readonly IdentityPorts _ports = new();
    private readonly ILogger _log;
    private readonly Func<CancellationToken, Task> _syncPrefixes;
    private PolicyEngine _engine;
    private bool _hasAll;
    private bool _rulesChanged = true;
    private volatile IReadOnlyDictionary<uint, PolicyRule> _rules = new Dictionary<uint, PolicyRule>();
    private long _revision;

    /// <param name="syncPrefixes">Brings the ipcache to what <see cref="Prefixes"/> says, and returns when that is done.</param>
    public NodePolicy(
        PolicySettings settings, DatapathMaps maps, EndpointEntries entries, Func<CancellationToken, Task> syncPrefixes, TimeProvider clock,
        ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Settings = settings;
        _entries = entries;
        _tables = new PolicyTables(maps, entries, clock);
        _syncPrefixes = syncPrefixes;
        _engine = new PolicyEngine(settings.ToOptions());
        _log = loggers.CreateLogger<NodePolicy>();
    }

    /// <summary>Raised when something changed that <see cref="ReconcileAsync"/> has to work out.</summary>
    public event Action? Changed;

    public PolicySettings Settings { get; private set; }

    public PolicyPrefixes Prefixes { get; } = new();

    /// <summary>Counts the times that policies changed in the datapath.</summary>
    public long Revision => Interlocked.Read(ref _revision);

    /// <summary>The rule that an event of the datapath names, as of the last run; null: gone.</summary>
    public PolicyRule? FindRule(uint number) => _rules.GetValueOrDefault(number);

    /// <summary>Tells the engine something of the cluster; it is worked out by the next <see cref="ReconcileAsync"/>.</summary>
    /// <param name="isRule">Rules are others afterwards.</param>
    public async Task ChangeAsync(Action<PolicyEngine> change, bool isRule, CancellationToken cancellationToken)
    {
        await UnderTurnAsync(
            () =>
            {
                change(_engine);
                _rulesChanged |= isRule;
            },
            cancellationToken).ConfigureAwait(false);
        Changed?.Invoke();
    }

    /// <summary>Knows an identity of the cluster, or its labels anew.</summary>
    public Task PutIdentityAsync(IdentityRecord identity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return ChangeAsync(engine => Know(engine, identity.Id, identity.Labels), isRule: false, cancellationToken);
    }

    public Task RemoveIdentityAsync(Identity identity, CancellationToken cancellationToken) => ChangeAsync(
        engine =>
        {
            _labels.Remove(identity);
            engine.RemoveIdentity(identity);
        },
        isRule: false, cancellationToken);

    /// <summary>Knows the named ports of whoever has an address.</summary>
    /// <param name="ports">Null: none.</param>
    public void PutPorts(IPNetwork address, Identity identity, NamedPorts? ports)
    {
        _turn.Wait();
        try
        {
            foreach (Identity changed in _ports.Put(address, identity, ports))
            {
                if (_labels.TryGetValue(changed, out LabelSet? labels))
                {
                    Know(_engine, changed, labels);
                }
            }
        }
        finally
        {
            _turn.Release();
        }

        Changed?.Invoke();
    }

    /// <summary>Asks the engine, as of the last change; for explanations and comparisons.</summary>
    public async Task<T> AskAsync<T>(Func<PolicyEngine, T> question, CancellationToken cancellationToken)
    {
        T answer = default!;
        await UnderTurnAsync(() => answer = question(_engine), cancellationToken).ConfigureAwait(false);
        return answer;
    }

    /// <summary>Knows the node's own endpoint, which is under policy only with a host firewall.</summary>
    /// <param name="labels">By which policies for nodes select it.</param>
    public Task AdmitHostAsync(EndpointId endpoint, LabelSet labels, CancellationToken cancellationToken) => UnderTurnAsync(
        () =>
        {
            ArgumentNullException.ThrowIfNull(labels);
            Know(_engine, Identity.Host, labels);
            if (!Settings.HasHostFirewall)
            {
                _entries.SetPolicy(endpoint, isEnforced: false, revise: false);
                return;
            }

            _endpoints[endpoint] = new Subject(Identity.Host, IsAudited: false);
            _uses[Identity.Host] = 1;
            _engine.AddSubject(Identity.Host);
        },
        cancellationToken);

    /// <summary>Knows an endpoint of the last run, whose table stays until all policies were read.</summary>
    public Task RestoreAsync(EndpointRecord endpoint, CancellationToken cancellationToken) =>
        UnderTurnAsync(() => Enter(endpoint), cancellationToken);

    /// <summary>Gives a new endpoint, or one with another identity, its table; returns when the datapath has it.</summary>
    /// <remarks>Call it before packets of the endpoint, or of its new identity, can be sent or received.</remarks>
    public Task AdmitAsync(EndpointRecord endpoint, CancellationToken cancellationToken) => UnderTurnAsync(
        () =>
        {
            Enter(endpoint);
            _entries.SetAudit(endpoint.Id, Settings.IsAudited || endpoint.IsPolicyAudited);
            if (_hasAll)
            {
                Resolve();
            }
        },
        cancellationToken);

    /// <summary>Forgets an endpoint; the datapath must not know it any more.</summary>
    public Task ExpelAsync(EndpointId endpoint) => UnderTurnAsync(
        () =>
        {
            if (_endpoints.Remove(endpoint, out Subject? gone))
            {
                Disuse(gone.Identity);
                _tables.Remove(endpoint);
            }
        },
        CancellationToken.None);

    /// <summary>Puts everything that changed into the datapath. Throws where that fails; the next run tries again.</summary>
    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        await UnderTurnAsync(
            () =>
            {
                Resolve();
                if (!_hasAll)
                {
                    TakeOver();
                }
            },
            cancellationToken).ConfigureAwait(false);
        if (Volatile.Read(ref _prefixesBehind))
        {
            await FinishPrefixesAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Changes what the operator decided, for all endpoints.</summary>
    public async Task SetAsync(PolicySettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        await UnderTurnAsync(
            () =>
            {
                if (settings.ToOptions() != Settings.ToOptions())
                {
                    _engine = _engine.Copy(settings.ToOptions());
                    foreach (Identity identity in _uses.Keys)
                    {
                        _engine.AddSubject(identity);
                    }
                }

                Settings = settings;
                foreach ((EndpointId id, Subject subject) in _endpoints)
                {
                    _entries.SetAudit(id, settings.IsAudited || subject.IsAudited);
                }
            },
            cancellationToken).ConfigureAwait(false);
        await ReconcileAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether what one endpoint's table denies is only told.</summary>
    public Task SetAuditAsync(EndpointId endpoint, bool isAudited, CancellationToken cancellationToken) => UnderTurnAsync(
        () =>
        {
            if (_endpoints.TryGetValue(endpoint, out Subject? subject))
            {
                _endpoints[endpoint] = subject with { IsAudited = isAudited };
                _entries.SetAudit(endpoint, Settings.IsAudited || isAudited);
            }
        },
        cancellationToken);

    /// <summary>The policy of every endpoint that is known here.</summary>
    public Task<FrozenDictionary<EndpointId, EndpointTables>> TablesAsync(CancellationToken cancellationToken) => AskAsync(
        engine => _endpoints.ToFrozenDictionary(
            endpoint => endpoint.Key, endpoint => new EndpointTables(engine.TableOf(endpoint.Value.Identity), _tables.TableOf(endpoint.Key))),
        cancellationToken);

    public void Dispose()
    {
        _tables.Dispose();
        _turn.Dispose();
    }

    /// <summary>Every endpoint has the table that it should have: what an agent before had beyond that goes.</summary>
    private void TakeOver()
    {
        foreach ((EndpointId id, Subject subject) in _endpoints)
        {
            _entries.SetAudit(id, Settings.IsAudited || subject.IsAudited);
        }

        _hasAll = true;
        int removed = _tables.RemoveStale();
        LogTakenOver(_endpoints.Count, removed);
    }

    private void Enter(EndpointRecord endpoint)
    {
        if (_endpoints.TryGetValue(endpoint.Id, out Subject? before))
        {
            if (before.Identity == endpoint.Identity)
            {
                return;
            }

            Disuse(before.Identity);
        }

        if (!_engine.Knows(endpoint.Identity))
        {
            // The store will tell of it in a moment.
            Know(_engine, endpoint.Identity, endpoint.Labels);
        }

        if (endpoint.Ports is not null)
        {
            foreach (IPNetwork address in endpoint.Addresses.Select(address => address.AsPrefix()))
            {
                _ports.Put(address, endpoint.Identity, endpoint.Ports);
            }

            Know(_engine, endpoint.Identity, _labels[endpoint.Identity]);
        }

        _endpoints[endpoint.Id] = new Subject(endpoint.Identity, endpoint.IsPolicyAudited);
        _uses[endpoint.Identity] = _uses.GetValueOrDefault(endpoint.Identity) + 1;
        _engine.AddSubject(endpoint.Identity);
    }

    private void Know(PolicyEngine engine, Identity identity, LabelSet labels)
    {
        _labels[identity] = labels;
        engine.PutIdentity(identity, labels, _ports.Of(identity));
    }

    private void Disuse(Identity identity)
    {
        if (--_uses[identity] == 0)
        {
            _uses.Remove(identity);
            _engine.RemoveSubject(identity);
        }
    }

    private async Task UnderTurnAsync(Action action, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            action();
        }
        finally
        {
            _turn.Release();
        }
    }

    private sealed record Subject(Identity Identity, bool IsAudited);

    [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "policy in place endpoints={Endpoints} removed={Removed}")]
    private partial void LogTakenOver(int endpoints, int removed);

    [LoggerMessage(
        EventId = 301, Level = LogLevel.Information,
        Message = "policy changed revision={Revision} endpoints={Endpoints} tables={Tables} took={Milliseconds} ms")]
    private partial void LogChanged(long revision, int endpoints, int tables, int milliseconds);
}
