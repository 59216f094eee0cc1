using System.Collections.Immutable;

namespace Weft.Policy.Resolution;

/// <summary>Sets of rules, each numbered and found from the set without its last rule.</summary>
internal sealed class RuleGroups
{
    private readonly Dictionary<(int Group, int Rule), int> _next = [];
    private readonly List<Group> _groups = [new Group(0, -1, false)];

    /// <summary>The group with one more rule, which comes after all that it has; 0 is the empty one.</summary>
    public int With(int group, int rule, bool hasPeersPorts)
    {
        if (_groups[group].Rule == rule)
        {
            return group;
        }

        if (!_next.TryGetValue((group, rule), out int next))
        {
            next = _groups.Count;
            _groups.Add(new Group(group, rule, hasPeersPorts || _groups[group].HasPeersPorts));
            _next.Add((group, rule), next);
        }

        return next;
    }

    public bool HasPeersPorts(int group) => _groups[group].HasPeersPorts;

    /// <summary>In their order.</summary>
    public ImmutableArray<RuleState> RulesOf(int group, ImmutableArray<RuleState> rules)
    {
        List<RuleState> members = [];
        for (; group != 0; group = _groups[group].Without)
        {
            members.Add(rules[_groups[group].Rule]);
        }

        members.Reverse();
        return [.. members];
    }

    public ImmutableArray<PolicyEntry>? EntriesOf(int group) => _groups[group].Entries;

    public ImmutableArray<PolicyEntry> Remember(int group, ImmutableArray<PolicyEntry> entries)
    {
        _groups[group].Entries = entries;
        return entries;
    }

    private sealed class Group(int without, int rule, bool hasPeersPorts)
    {
        public int Without => without;

        public int Rule => rule;

        public bool HasPeersPorts => hasPeersPorts;

        public ImmutableArray<PolicyEntry>? Entries { get; set; }
    }
}
