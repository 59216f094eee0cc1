using System.Collections.Immutable;
using Weft.Model.Nodes;
using Weft.Model.Services;

namespace Weft.Services;

/// <summary>Turns services and slices, as they come and go, into the table of what this node balances.</summary>
/// <remarks>
/// A change is remembered and worked out by the next <see cref="Resolve"/>, which touches the services that changed and the frontends
/// that they claim or claimed, nothing else. Not thread-safe.
/// </remarks>
public sealed class ServiceResolver(NodeName node)
{
    private readonly Dictionary<ResourceName, State> _services = [];
    private readonly Dictionary<ResourceName, EndpointSliceRecord> _slices = [];
    private readonly Dictionary<ResourceName, HashSet<ResourceName>> _slicesOf = [];
    private readonly Dictionary<FrontendKey, SortedDictionary<ServiceAge, Frontend>> _claims = [];
    private readonly HashSet<ResourceName> _changed = [];

    /// <summary>As of the last <see cref="Resolve"/>.</summary>
    public ServiceTable Table { get; private set; } = ServiceTable.Empty;

    /// <param name="created">Position of the service's creation in the store's order of changes: of two that overlap, the older wins.</param>
    public void PutService(ServiceRecord service, long created)
    {
        ArgumentNullException.ThrowIfNull(service);
        State state = StateOf(service.Name);
        state.Record = service;
        state.Age = new ServiceAge(created, service.Name);
        _changed.Add(service.Name);
    }

    public void RemoveService(ResourceName name)
    {
        StateOf(name).Record = null;
        _changed.Add(name);
    }

    public void PutSlice(EndpointSliceRecord slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        RemoveSlice(slice.Name);
        _slices[slice.Name] = slice;
        if (!_slicesOf.TryGetValue(slice.Service, out HashSet<ResourceName>? names))
        {
            _slicesOf.Add(slice.Service, names = []);
        }

        names.Add(slice.Name);
        _changed.Add(slice.Service);
    }

    public void RemoveSlice(ResourceName name)
    {
        if (!_slices.Remove(name, out EndpointSliceRecord? slice))
        {
            return;
        }

        HashSet<ResourceName> names = _slicesOf[slice.Service];
        names.Remove(name);
        if (names.Count == 0)
        {
            _slicesOf.Remove(slice.Service);
        }

        _changed.Add(slice.Service);
    }

    /// <summary>Works out what changed since the last call. Returns the keys whose frontend is new, another, or gone.</summary>
    public IReadOnlySet<FrontendKey> Resolve()
    {
        HashSet<FrontendKey> claimed = [];
        HashSet<ResourceName> concerned = [];
        foreach (ResourceName name in _changed.Where(_services.ContainsKey))
        {
            Reclaim(_services[name], claimed);
            concerned.Add(name);
        }

        _changed.Clear();
        var frontends = Table.Frontends.ToBuilder();
        HashSet<FrontendKey> changed = [];
        foreach (FrontendKey key in claimed)
        {
            if (Settle(key, frontends, concerned))
            {
                changed.Add(key);
            }
        }

        var problems = Table.ProblemsByService.ToBuilder();
        foreach (ResourceName name in concerned)
        {
            WriteProblems(_services[name], name, problems);
        }

        Table = new ServiceTable(frontends.ToImmutable(), problems.ToImmutable());
        return changed;
    }

    private State StateOf(ResourceName name)
    {
        if (!_services.TryGetValue(name, out State? state))
        {
            _services.Add(name, state = new State());
        }

        return state;
    }

    /// <summary>Replaces the claims of a service; every key that it had or has is added to <paramref name="claimed"/>.</summary>
    private void Reclaim(State state, HashSet<FrontendKey> claimed)
    {
        foreach (FrontendKey key in state.Claims)
        {
            claimed.Add(key);
            SortedDictionary<ServiceAge, Frontend> claims = _claims[key];
            claims.Remove(state.ClaimedAs!);
            if (claims.Count == 0)
            {
                _claims.Remove(key);
            }
        }

        state.Claims = [];
        state.Overlaps.Clear();
        state.Problems = [];
        if (state.Record is not { } record)
        {
            return;
        }

        (IReadOnlyCollection<Frontend> frontends, state.Problems) = ServiceFrontends.Of(record, new BackendSelector(node, SlicesOf(record.Name)));
        state.ClaimedAs = state.Age;
        state.Claims = [.. frontends.Select(frontend => frontend.Key)];
        foreach (Frontend frontend in frontends)
        {
            claimed.Add(frontend.Key);
            if (!_claims.TryGetValue(frontend.Key, out SortedDictionary<ServiceAge, Frontend>? claims))
            {
                _claims.Add(frontend.Key, claims = []);
            }

            claims.Add(state.Age!, frontend);
        }
    }

    private EndpointSliceRecord[] SlicesOf(ResourceName service) =>
        _slicesOf.TryGetValue(service, out HashSet<ResourceName>? names) ? [.. names.Select(name => _slices[name])] : [];

    /// <summary>Gives the key to its oldest claimant and tells the others. Returns whether its frontend is another one now.</summary>
    private bool Settle(
        FrontendKey key, ImmutableDictionary<FrontendKey, Frontend>.Builder frontends, HashSet<ResourceName> concerned)
    {
        if (!_claims.TryGetValue(key, out SortedDictionary<ServiceAge, Frontend>? claims))
        {
            return frontends.Remove(key);
        }

        Frontend winner = claims.First().Value;
        foreach (ServiceAge claimant in claims.Keys)
        {
            bool changed = claimant.Name == winner.Owner.Service
                ? _services[claimant.Name].Overlaps.Remove(key)
                : SetOverlap(_services[claimant.Name], key, winner.Owner);
            if (changed)
            {
                concerned.Add(claimant.Name);
            }
        }

        if (frontends.TryGetValue(key, out Frontend? before) && before == winner)
        {
            return false;
        }

        frontends[key] = winner;
        return true;
    }

    private static bool SetOverlap(State state, FrontendKey key, ServicePortName winner)
    {
        bool same = state.Overlaps.TryGetValue(key, out ServicePortName? before) && before == winner;
        state.Overlaps[key] = winner;
        return !same;
    }

    private void WriteProblems(
        State state, ResourceName name, ImmutableSortedDictionary<ResourceName, ImmutableArray<ServiceProblem>>.Builder problems)
    {
        ImmutableArray<ServiceProblem> all =
        [
            .. state.Problems.Select(message => new ServiceProblem(name, message)),
            .. state.Overlaps
                .Select(overlap => $"{overlap.Key} belongs to service {overlap.Value}, which is older (change or delete one of the two)")
                .Order(StringComparer.Ordinal)
                .Select(message => new ServiceProblem(name, message)),
        ];
        if (all.IsEmpty)
        {
            problems.Remove(name);
        }
        else
        {
            problems[name] = all;
        }

        if (state.Record is null)
        {
            _services.Remove(name);
        }
    }

    private sealed class State
    {
        /// <summary>Null: removed, but not yet worked out.</summary>
        public ServiceRecord? Record { get; set; }

        public ServiceAge? Age { get; set; }

        /// <summary>The age under which <see cref="Claims"/> were made.</summary>
        public ServiceAge? ClaimedAs { get; set; }

        public ImmutableArray<FrontendKey> Claims { get; set; } = [];

        public IReadOnlyList<string> Problems { get; set; } = [];

        /// <summary>What an older service has.</summary>
        public Dictionary<FrontendKey, ServicePortName> Overlaps { get; } = [];
    }
}
