using System.Collections.Immutable;
using Weft.Model.Identities;
using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>Works out tables from rules and the identities that their selectors select.</summary>
/// <remarks>
/// A longest-prefix match finds the narrowest entry, while a broader deny must win: so entries under a deny are left out, and so are
/// those that a broader entry, or one for any identity, says already. Across the two lookups (the peer's identity, any) the datapath
/// compares precedence itself.
/// </remarks>
internal sealed class TableBuilder(SelectorIndex index, PolicyOptions options)
{
    private readonly List<PolicyEntry> _entries = [];
    private readonly CoveredBlocks _own = new();
    private int[] _groupOf = [];

    public PolicyTable Build(PolicyProfile profile)
    {
        DirectionTable ingress = Build(profile, TrafficDirection.Ingress);
        DirectionTable egress = Build(profile, TrafficDirection.Egress);
        return ingress.IsEnforced || egress.IsEnforced ? new PolicyTable(ingress, egress) : PolicyTable.Empty;
    }

    /// <summary>The profile's table with the entries of some peers worked out anew.</summary>
    public PolicyTable Update(PolicyProfile profile, IReadOnlyCollection<Identity> peers)
    {
        DirectionTable ingress = Update(profile, TrafficDirection.Ingress, peers);
        DirectionTable egress = Update(profile, TrafficDirection.Egress, peers);
        return ingress == profile.Table.Ingress && egress == profile.Table.Egress ? profile.Table : new PolicyTable(ingress, egress);
    }

    /// <summary>Whether a policy or the mode denies what no rule allows.</summary>
    public bool DeniesByDefault(PolicyProfile profile, TrafficDirection direction) =>
        ModeOf(direction) == EnforcementMode.Always || profile.Specs.Any(spec => spec.Spec.DeniesByDefault(direction));

    private EnforcementMode ModeOf(TrafficDirection direction) => direction == TrafficDirection.Ingress ? options.Ingress : options.Egress;

    private DirectionTable Build(PolicyProfile profile, TrafficDirection direction)
    {
        ImmutableArray<RuleState> rules = profile.Rules(direction);
        bool deniesByDefault = DeniesByDefault(profile, direction);
        if (ModeOf(direction) == EnforcementMode.Never || (profile.IsHost && !options.HasHostFirewall)
            || (!deniesByDefault && !rules.Any(rule => rule.Rule.IsDeny)))
        {
            return DirectionTable.NotEnforced;
        }

        _entries.Clear();
        foreach (RuleState rule in rules.Where(rule => rule.IsAny))
        {
            PortBlocks.Write(rule.Applied, direction == TrafficDirection.Ingress ? profile.Ports : [], _entries);
        }

        if (!deniesByDefault)
        {
            _entries.Add(AllowAll);
        }

        ImmutableArray<PolicyEntry> any = Settle(null);
        return new DirectionTable
        {
            IsEnforced = true,
            DeniesByDefault = deniesByDefault,
            Any = any,
            Peers = BuildPeers(profile, direction, rules, any),
        };
    }

    /// <summary>Peers that the same rules speak of have the same entries, so each such group is worked out once.</summary>
    private ImmutableDictionary<Identity, ImmutableArray<PolicyEntry>> BuildPeers(
        PolicyProfile profile, TrafficDirection direction, ImmutableArray<RuleState> rules, ImmutableArray<PolicyEntry> any)
    {
        Scope scope = new(profile, direction, Covered(any));
        RuleGroups groups = new();
        List<int> touched = Gather(rules, groups);
        var peers = ImmutableDictionary.CreateBuilder<Identity, ImmutableArray<PolicyEntry>>();
        foreach (int position in touched)
        {
            IdentityState peer = index.At(position);
            int group = _groupOf[position];
            _groupOf[position] = 0;
            if (IsExempt(profile, direction, peer.Identity))
            {
                continue;
            }

            ImmutableArray<PolicyEntry> entries = groups.HasPeersPorts(group) && !peer.Ports.IsEmpty
                ? EntriesOf(scope, groups.RulesOf(group, rules), peer.Ports)
                : groups.EntriesOf(group) ?? groups.Remember(group, EntriesOf(scope, groups.RulesOf(group, rules), []));
            if (!entries.IsEmpty)
            {
                peers.Add(peer.Identity, entries);
            }
        }

        if (IsExempt(profile, direction, Identity.Host) && EntriesFor(scope, Identity.Host) is { IsEmpty: false } host)
        {
            peers.Add(Identity.Host, host);
        }

        return peers.ToImmutable();
    }

    /// <summary>Gives each peer the group of the rules that speak of it; returns the positions of those who have one.</summary>
    private List<int> Gather(ImmutableArray<RuleState> rules, RuleGroups groups)
    {
        if (_groupOf.Length < index.Positions)
        {
            _groupOf = new int[index.Positions * 2];
        }

        List<int> touched = [];
        for (int i = 0; i < rules.Length; i++)
        {
            foreach (SelectorState selector in rules[i].Peers)
            {
                foreach (int position in selector.Members)
                {
                    int before = _groupOf[position];
                    if (before == 0)
                    {
                        touched.Add(position);
                    }

                    _groupOf[position] = groups.With(before, i, rules[i].HasPeersPorts);
                }
            }
        }

        return touched;
    }

    private DirectionTable Update(PolicyProfile profile, TrafficDirection direction, IReadOnlyCollection<Identity> peers)
    {
        DirectionTable before = profile.Table[direction];
        if (!before.IsEnforced)
        {
            return before;
        }

        Scope scope = new(profile, direction, Covered(before.Any));
        ImmutableDictionary<Identity, ImmutableArray<PolicyEntry>> entries = before.Peers;
        foreach (Identity peer in peers)
        {
            ImmutableArray<PolicyEntry> now = EntriesFor(scope, peer);
            ImmutableArray<PolicyEntry> old = entries.GetValueOrDefault(peer, []);
            if (!now.SequenceEqual(old))
            {
                entries = now.IsEmpty ? entries.Remove(peer) : entries.SetItem(peer, now);
            }
        }

        return entries == before.Peers ? before
            : new DirectionTable { IsEnforced = true, DeniesByDefault = before.DeniesByDefault, Any = before.Any, Peers = entries };
    }

    private ImmutableArray<PolicyEntry> EntriesFor(Scope scope, Identity peer)
    {
        IdentityState? state = index.Identities.GetValueOrDefault(peer);
        IEnumerable<RuleState> rules = state is null ? []
            : scope.Profile.Rules(scope.Direction).Where(rule => rule.Peers.Any(selector => selector.Members.Contains(state.Position)));
        return EntriesOf(scope, rules, state?.Ports ?? [], IsExempt(scope.Profile, scope.Direction, peer));
    }

    private ImmutableArray<PolicyEntry> EntriesOf(
        Scope scope, IEnumerable<RuleState> rules, ImmutableArray<NamedPort> ports, bool isExempt = false)
    {
        _entries.Clear();
        foreach (RuleState rule in rules)
        {
            PortBlocks.Write(rule.Applied, scope.Direction == TrafficDirection.Ingress ? scope.Profile.Ports : ports, _entries);
        }

        if (isExempt)
        {
            _entries.Add(AllowAll);
        }

        return Settle(scope.Covered);
    }

    private static PolicyEntry AllowAll => new(PortMatch.AnyProtocol, 0, 0, IsDeny: false, Rule: null);

    private bool IsExempt(PolicyProfile profile, TrafficDirection direction, Identity peer) =>
        options.HostReachesPods && peer == Identity.Host && direction == TrafficDirection.Ingress && !profile.IsHost;

    private static CoveredBlocks Covered(ImmutableArray<PolicyEntry> entries)
    {
        CoveredBlocks covered = new();
        foreach (PolicyEntry entry in entries)
        {
            covered.Add(entry);
        }

        return covered;
    }

    /// <summary>The gathered entries, the broadest first, without those that would never decide or only say what another says.</summary>
    private ImmutableArray<PolicyEntry> Settle(CoveredBlocks? any)
    {
        if (_entries.Count == 0)
        {
            return [];
        }

        _own.Clear();
        var kept = ImmutableArray.CreateBuilder<PolicyEntry>();

        // OrderBy is stable: of rules that say the same about a block, the first decides.
        foreach (PolicyEntry entry in _entries
            .OrderBy(entry => entry.PrefixLength).ThenBy(entry => entry.Block).ThenByDescending(entry => entry.IsDeny))
        {
            if (!_own.Settles(entry) && any?.Settles(entry) != true)
            {
                _own.Add(entry);
                kept.Add(entry);
            }
        }

        return kept.ToImmutable();
    }

    /// <summary>A direction of a table, with what its entries for any identity say already.</summary>
    private readonly record struct Scope(PolicyProfile Profile, TrafficDirection Direction, CoveredBlocks Covered);
}
