using Weft.Model.Identities;
using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>Keeps, for every selector in use, the identities that it selects.</summary>
/// <remarks>
/// An identity is tried with the selectors that one of its labels leads to, a selector with the identities that have one of its
/// labels; only selectors without any wanted value (`!canary`) are tried with all.
/// </remarks>
/// <param name="flipped">Told whenever an identity comes into or out of a selector.</param>
internal sealed class SelectorIndex(Action<SelectorState, IdentityState> flipped)
{
    private readonly Dictionary<Identity, IdentityState> _identities = [];
    private readonly List<IdentityState?> _positions = [];
    private readonly Stack<int> _free = [];
    private readonly Dictionary<(string Key, string Value), IdentitySet> _byLabel = [];
    private readonly Dictionary<string, SelectorState> _selectors = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Key, string Value), HashSet<SelectorState>> _byWantedValue = [];
    private readonly HashSet<SelectorState> _others = [];
    private readonly HashSet<SelectorState> _cidrs = [];

    public IReadOnlyDictionary<Identity, IdentityState> Identities => _identities;

    /// <summary>One more than the greatest position.</summary>
    public int Positions => _positions.Count;

    public int Selectors => _selectors.Count;

    public IdentityState At(int position) => _positions[position]!;

    public IdentityState Add(Identity identity, WorkloadLabels labels)
    {
        if (!_free.TryPop(out int position))
        {
            position = _positions.Count;
            _positions.Add(null);
        }

        IdentityState state = new(identity, position) { Labels = labels };
        _positions[position] = state;
        _identities.Add(identity, state);
        Index(state);
        return state;
    }

    /// <summary>Applies a change to what selectors see of an identity, and tells which selectors it comes into or out of.</summary>
    public void Change(IdentityState state, Action<IdentityState> change)
    {
        HashSet<SelectorState> concerned = Candidates(state);
        Unindex(state);
        change(state);
        Index(state);
        concerned.UnionWith(Candidates(state));
        foreach (SelectorState selector in concerned)
        {
            Set(selector, state, selector.Matches(state));
        }
    }

    public void Remove(IdentityState state)
    {
        foreach (SelectorState selector in Candidates(state))
        {
            Set(selector, state, isMember: false);
        }

        Unindex(state);
        _identities.Remove(state.Identity);
        _positions[state.Position] = null;
        _free.Push(state.Position);
    }

    /// <summary>Those that select the identity.</summary>
    public IEnumerable<SelectorState> Selecting(IdentityState state) => Candidates(state).Where(selector => selector.Members.Contains(state.Position));

    public SelectorState Acquire(LabelSelector selector) => Acquire(
        $"labels {selector}", state => state.Labels.Matches(selector), NarrowestOf(selector), isCidr: false);

    /// <param name="withNodes">Whether nodes are meant too (<see cref="CidrMatchMode.WorldAndNodes"/>).</param>
    public SelectorState Acquire(CidrPeer peer, bool withNodes) => Acquire(
        $"cidr {peer}", state => PeerMatch.IsIn(state.Labels, peer, withNodes), narrowest: null, isCidr: true);

    /// <summary>Those who have a port of this name.</summary>
    public SelectorState Acquire(string portName) => Acquire(
        $"port {portName}", state => state.Ports.Any(port => port.Name == portName), narrowest: null, isCidr: false);

    public void Release(SelectorState selector)
    {
        if (--selector.Uses > 0)
        {
            return;
        }

        _selectors.Remove(selector.Key);
        foreach (HashSet<SelectorState> place in PlacesOf(selector))
        {
            place.Remove(selector);
        }
    }

    private SelectorState Acquire(string key, Predicate<IdentityState> matches, LabelRequirement? narrowest, bool isCidr)
    {
        if (!_selectors.TryGetValue(key, out SelectorState? selector))
        {
            selector = new SelectorState(key, matches) { Narrowest = narrowest, IsCidr = isCidr };
            _selectors.Add(key, selector);
            foreach (HashSet<SelectorState> place in PlacesOf(selector))
            {
                place.Add(selector);
            }

            Fill(selector);
        }

        selector.Uses++;
        return selector;
    }

    private void Fill(SelectorState selector)
    {
        if (selector.Narrowest is not { } narrowest)
        {
            foreach (IdentityState state in _identities.Values)
            {
                Try(state);
            }

            return;
        }

        foreach (string value in narrowest.Values)
        {
            if (!_byLabel.TryGetValue((narrowest.Key, value), out IdentitySet? having))
            {
                continue;
            }

            foreach (int position in having)
            {
                Try(_positions[position]!);
            }
        }

        void Try(IdentityState state)
        {
            if (selector.Matches(state))
            {
                selector.Members.Add(state.Position);
            }
        }
    }

    /// <summary>Of the conditions that want a value, the one that fewest identities satisfy now.</summary>
    private LabelRequirement? NarrowestOf(LabelSelector selector) => selector.Requirements
        .Where(requirement => requirement.Operator == SelectorOperator.In)
        .MinBy(requirement => requirement.Values.Sum(value => _byLabel.GetValueOrDefault((requirement.Key, value))?.Count ?? 0));

    private IEnumerable<HashSet<SelectorState>> PlacesOf(SelectorState selector)
    {
        if (selector.Narrowest is not { } narrowest)
        {
            return [selector.IsCidr ? _cidrs : _others];
        }

        return narrowest.Values.Select(value =>
        {
            if (!_byWantedValue.TryGetValue((narrowest.Key, value), out HashSet<SelectorState>? place))
            {
                _byWantedValue.Add((narrowest.Key, value), place = []);
            }

            return place;
        });
    }

    private HashSet<SelectorState> Candidates(IdentityState state)
    {
        HashSet<SelectorState> candidates = [.. _others];
        if (state.Labels.Prefix is not null)
        {
            candidates.UnionWith(_cidrs);
        }

        foreach ((_, string key, string value) in state.Labels.All)
        {
            if (_byWantedValue.TryGetValue((key, value), out HashSet<SelectorState>? wanting))
            {
                candidates.UnionWith(wanting);
            }
        }

        return candidates;
    }

    private void Set(SelectorState selector, IdentityState state, bool isMember)
    {
        if (isMember ? selector.Members.Add(state.Position) : selector.Members.Remove(state.Position))
        {
            flipped(selector, state);
        }
    }

    private void Index(IdentityState state)
    {
        foreach ((_, string key, string value) in state.Labels.All)
        {
            if (!_byLabel.TryGetValue((key, value), out IdentitySet? having))
            {
                _byLabel.Add((key, value), having = new IdentitySet());
            }

            having.Add(state.Position);
        }
    }

    private void Unindex(IdentityState state)
    {
        foreach ((_, string key, string value) in state.Labels.All)
        {
            if (_byLabel.TryGetValue((key, value), out IdentitySet? having) && having.Remove(state.Position) && having.Count == 0)
            {
                _byLabel.Remove((key, value));
            }
        }
    }
}
