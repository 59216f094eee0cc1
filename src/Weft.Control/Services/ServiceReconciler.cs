using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using Weft.Services;

namespace Weft.Control.Services;

/// <summary>Brings the datapath's services to what the <see cref="ServiceView"/> says.</summary>
/// <remarks>
/// One run at a time (a controller sees to it). Frontends are written before others are removed, and a backend goes last, when no
/// frontend has it and no packet is under way to it. One that cannot be written keeps no other from being. What a run before this
/// agent left is taken over with its numbers, so that established flows keep their backends.
/// </remarks>
public sealed partial class ServiceReconciler
{
    private readonly ServiceView _view;
    private readonly IServiceMaps _maps;
    private readonly ServiceIds _ids;
    private readonly BackendTable _backends;
    private readonly FrontendWriter _writer;
    private readonly Func<BoundPorts> _readBoundPorts;
    private readonly ILogger _log;
    private readonly Dictionary<FrontendKey, WrittenFrontend> _written = [];
    private readonly HashSet<FrontendKey> _pending = [];
    private readonly SortedDictionary<string, ServiceProblem> _problems = new(StringComparer.Ordinal);
    private readonly Dictionary<IPAddress, int> _addresses = [];
    private readonly List<string> _failures = [];
    private readonly Dictionary<uint, HashSet<uint>> _changedAffinities = [];
    private bool _adopted;
    private bool _addressesChanged;

    /// <param name="ids">Numbers for what is new.</param>
    /// <param name="readBoundPorts">Which ports processes of this node have; asked when a node port is new.</param>
    public ServiceReconciler(ServiceView view, IServiceMaps maps, ServiceIds ids, Func<BoundPorts> readBoundPorts, ILoggerFactory loggers)
    {
        _view = view;
        _maps = maps;
        _ids = ids;
        _backends = new BackendTable(maps, ids);
        _writer = new FrontendWriter(maps, _backends, ids);
        _readBoundPorts = readBoundPorts;
        _log = loggers.CreateLogger<ServiceReconciler>();
    }

    /// <summary>The addresses that services have, node ports aside, are others than before. Raised within a run, after the writes.</summary>
    public event Action<IReadOnlyCollection<IPAddress>>? AddressesChanged;

    /// <summary>Backends that are gone, so that whatever still has them can be ended. Raised within a run, after the writes.</summary>
    public event Action<IReadOnlyCollection<Backend>>? BackendsGone;

    /// <summary>What of the services cannot be as they say: for people.</summary>
    public ImmutableArray<ServiceProblem> Problems { get; private set; } = [];

    /// <summary>Numbers of the frontends that the datapath has.</summary>
    public ImmutableDictionary<FrontendKey, uint> Ids { get; private set; } = ImmutableDictionary<FrontendKey, uint>.Empty;

    /// <summary>One run; throws when something could not be written, after having tried all.</summary>
    /// <remarks>Nothing is done before the store was read once: what is not known of yet is not gone.</remarks>
    public Task ReconcileAsync(CancellationToken cancellationToken)
    {
        if (!_view.Synced.IsCompletedSuccessfully)
        {
            return Task.CompletedTask;
        }

        _failures.Clear();
        Adopt();
        _pending.UnionWith(_view.Resolve());
        ServiceTable table = _view.Table;
        Lazy<BoundPorts> bound = new(_readBoundPorts);
        FrontendKey[] todo = [.. _pending];
        foreach (FrontendKey key in todo)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (table.Frontends.TryGetValue(key, out Frontend? wanted))
            {
                Write(wanted, bound);
            }
        }

        foreach (FrontendKey key in todo.Where(key => !table.Frontends.ContainsKey(key)))
        {
            Remove(key);
        }

        Finish(table, todo.Length > 0);
        return _failures.Count == 0
            ? Task.CompletedTask
            : throw new InvalidOperationException($"{_failures.Count} entries of services could not be written: {_failures[0]}");
    }

    private void Adopt()
    {
        if (_adopted)
        {
            return;
        }

        ServiceMapContent content = _maps.Adopt();
        _ids.Skip(content.Frontends.Select(frontend => frontend.Id), content.Backends.Keys);
        _backends.Adopt(content.Backends);
        foreach (FrontendEntry entry in content.Frontends)
        {
            var used = ImmutableArray.CreateBuilder<Backend>();
            foreach (uint id in entry.Internal.Union(entry.External))
            {
                if (_backends.TryFind(id, out Backend backend) && _backends.TryUse(backend))
                {
                    used.Add(backend);
                }
            }

            Remember(entry.Key, new WrittenFrontend(entry.Id, Owner: null, entry.Flags, used.ToImmutable()) { Listed = entry.Listed });
            _pending.Add(entry.Key);
        }

        _adopted = true;
        LogAdopted(content.Frontends.Count, content.Backends.Count);
    }

    private void Write(Frontend wanted, Lazy<BoundPorts> bound)
    {
        FrontendKey key = wanted.Key;
        WrittenFrontend? old = _written.GetValueOrDefault(key);
        _problems.Remove($"{key}");
        // A port that a process has is not taken from it; one that is served already is refused to processes.
        if (wanted.Kind == FrontendKind.NodePort && old is null && bound.Value.Contains(key.Protocol, key.Port))
        {
            _problems[$"{key}"] = new ServiceProblem(
                wanted.Owner.Service, $"{key}: a process of this node has the port, so the service does not get it here (end the process, or choose another nodePort)");
            return;
        }

        bool complete = true;
        WrittenFrontend? written = _writer.Write(wanted, old, message =>
        {
            complete = false;
            Fail(key, wanted.Owner, message);
        });
        if (written is not null && !ReferenceEquals(written, old))
        {
            Remember(key, written);
            NoteAffinity(wanted, written, old);
        }

        if (complete)
        {
            _pending.Remove(key);
        }
    }

    private void Remove(FrontendKey key)
    {
        _problems.Remove($"{key}");
        _pending.Remove(key);
        if (!_written.TryGetValue(key, out WrittenFrontend? old))
        {
            return;
        }

        if (!_writer.Remove(key, old, message => Fail(key, old.Owner, message)))
        {
            _pending.Add(key);
            return;
        }

        _written.Remove(key);
        Ids = Ids.Remove(key);
        CountAddress(key, -1);
    }

    private void Remember(FrontendKey key, WrittenFrontend written)
    {
        if (!_written.ContainsKey(key))
        {
            CountAddress(key, 1);
        }

        _written[key] = written;
        Ids = Ids.SetItem(key, written.Id);
    }

    // A client keeps a backend that exists, also one that terminates or is not ready; new connections are not for those.
    private void NoteAffinity(Frontend wanted, WrittenFrontend written, WrittenFrontend? old)
    {
        if (wanted.AffinitySeconds is not null && old?.Id == written.Id && old.Listed.Except(written.Listed).Any())
        {
            _changedAffinities[written.Id] = [.. written.Listed];
        }
    }

    private void ForgetAffinities()
    {
        if (_changedAffinities.Count == 0)
        {
            return;
        }

        try
        {
            _maps.ForgetAffinities((frontend, backend) =>
                _changedAffinities.TryGetValue(frontend, out HashSet<uint>? listed) && !listed.Contains(backend));
            _changedAffinities.Clear();
        }
        catch (ServiceMapException refusal)
        {
            _failures.Add(refusal.Message);
        }
    }

    private void CountAddress(FrontendKey key, int by)
    {
        if (key.Address.Equals(IPAddress.Any) || key.Address.Equals(IPAddress.IPv6Any))
        {
            return;
        }

        int before = _addresses.GetValueOrDefault(key.Address);
        _addresses[key.Address] = before + by;
        if (before + by == 0)
        {
            _addresses.Remove(key.Address);
        }

        _addressesChanged |= before == 0 || before + by == 0;
    }

    private void Finish(ServiceTable table, bool changed)
    {
        if (changed)
        {
            _maps.Settle();
            ForgetAffinities();
        }

        ImmutableArray<Backend> gone = _backends.RemoveUnused(refusal => _failures.Add(refusal.Message));
        Problems = [.. table.Problems, .. _problems.Values];
        if (_addressesChanged)
        {
            _addressesChanged = false;
            AddressesChanged?.Invoke([.. _addresses.Keys]);
        }

        if (!gone.IsEmpty)
        {
            LogGone(gone.Length);
            BackendsGone?.Invoke(gone);
        }
    }

    private void Fail(FrontendKey key, ServicePortName? owner, string message)
    {
        _failures.Add(message);
        if (owner is not null)
        {
            _problems[$"{key}"] = new ServiceProblem(owner.Service, message);
        }

        LogFailed($"{key}", message);
    }

    [LoggerMessage(EventId = 220, Level = LogLevel.Information, Message = "services adopted frontends={Frontends} backends={Backends}")]
    private partial void LogAdopted(int frontends, int backends);

    [LoggerMessage(EventId = 221, Level = LogLevel.Error, Message = "service not written as wanted frontend={Frontend} why='{Why}'")]
    private partial void LogFailed(string frontend, string why);

    [LoggerMessage(EventId = 222, Level = LogLevel.Information, Message = "backends gone count={Count}")]
    private partial void LogGone(int count);
}
