using System.Collections.Immutable;
using Weft.Abi;
using Weft.Datapath.Maps;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Datapath.Policy;

/// <summary>The sets of rules that tables name: written once, shared by all peers and endpoints that have the same, then taken away.</summary>
/// <remarks>
/// A set is never changed, so whoever finds its number finds all of it. It stays for <see cref="Grace"/> after its last use, since a
/// program may have read the number just before. Not thread-safe.
/// </remarks>
internal sealed class RuleSets(DatapathMaps maps, TimeProvider clock)
{
    /// <summary>Much longer than a program runs.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>For a table that has nothing to say of anybody.</summary>
    private const uint Nothing = 0;

    private readonly Dictionary<Content, RuleSet> _sets = [];
    private readonly Dictionary<uint, RuleSet> _byNumber = [];
    private readonly Queue<(RuleSet Set, long Since)> _unused = [];
    private readonly List<RuleSet> _unwritten = [];
    private uint _last = maps.PolicyRules.Keys().Select(key => key.Set).DefaultIfEmpty().Max();

    /// <summary>The number of a set with these entries, used once more. It is in the datapath after <see cref="Write"/>.</summary>
    public uint Use(ImmutableArray<PolicyEntry> entries)
    {
        if (entries.IsEmpty)
        {
            return Nothing;
        }

        Content content = new(entries);
        if (!_sets.TryGetValue(content, out RuleSet? set))
        {
            set = new RuleSet(++_last, content);
            _sets.Add(content, set);
            _byNumber.Add(set.Number, set);
            _unwritten.Add(set);
        }

        set.Uses++;
        return set.Number;
    }

    public void Disuse(uint number)
    {
        if (number != Nothing && --_byNumber[number].Uses == 0)
        {
            RuleSet set = _byNumber[number];
            set.UnusedSince = clock.GetTimestamp();
            _unused.Enqueue((set, set.UnusedSince));
        }
    }

    /// <summary>What a set has; empty: there is none of this number.</summary>
    public ImmutableArray<PolicyEntry> Read(uint number) => _byNumber.GetValueOrDefault(number)?.Content.Entries ?? [];

    /// <summary>Puts new sets into the datapath, before tables name them.</summary>
    public void Write()
    {
        RuleSet[] sets = [.. _unwritten];
        PolicyRuleKey[] keys = [.. sets.SelectMany(set => set.Keys)];
        PolicyRuleValue[] values = [.. sets.SelectMany(set => set.Content.Entries.Select(ValueOf))];
        maps.PolicyRules.UpdateBatch(keys, values);
        _unwritten.Clear();
    }

    /// <summary>Removes sets that have been unused for long enough.</summary>
    public void Sweep()
    {
        while (_unused.TryPeek(out (RuleSet Set, long Since) next) && clock.GetElapsedTime(next.Since) >= Grace)
        {
            _unused.Dequeue();

            // One that was used again meanwhile stands in the queue once more, further back.
            if (next.Set.Uses == 0 && next.Set.UnusedSince == next.Since && _byNumber.Remove(next.Set.Number))
            {
                _sets.Remove(next.Set.Content);
                _unwritten.Remove(next.Set);
                maps.PolicyRules.DeleteBatch(next.Set.Keys);
            }
        }
    }

    /// <summary>Removes what an agent before this one left; no table may name it any more.</summary>
    public int RemoveStale() => maps.PolicyRules.DeleteWhere((key, _) => !_byNumber.ContainsKey(key.Set));

    private static PolicyRuleValue ValueOf(PolicyEntry entry) => new()
    {
        Rule = entry.Rule?.Number ?? 0,
        Deny = entry.IsDeny ? (byte)1 : (byte)0,
        Narrow = (byte)entry.PrefixLength,
    };

    private sealed class RuleSet(uint number, Content content)
    {
        public uint Number => number;

        public Content Content => content;

        public int Uses { get; set; }

        public long UnusedSince { get; set; }

        public PolicyRuleKey[] Keys => [.. content.Entries.Select(entry => new PolicyRuleKey
        {
            PrefixLen = (uint)(entry.Protocol == PortMatch.AnyProtocol
                ? PolicyBits.AnyProtocol
                : PolicyBits.AnyPort + entry.PortPrefixLength),
            Set = number,
            Proto = entry.Protocol,
            Port = entry.Port,
        })];
    }

    /// <summary>Entries, equal to others that say the same by the same rules.</summary>
    private readonly struct Content : IEquatable<Content>
    {
        private readonly int _hash;

        public Content(ImmutableArray<PolicyEntry> entries)
        {
            Entries = entries;
            HashCode hash = default;
            foreach (PolicyEntry entry in entries)
            {
                hash.Add((entry.Protocol, entry.Port, entry.PortPrefixLength, entry.IsDeny, entry.Rule?.Number));
            }

            _hash = hash.ToHashCode();
        }

        public ImmutableArray<PolicyEntry> Entries { get; }

        public bool Equals(Content other) => _hash == other._hash && Entries.Length == other.Entries.Length
            && Entries.AsSpan().SequenceEqual(other.Entries.AsSpan(), SameEntry.Instance);

        public override bool Equals(object? obj) => obj is Content other && Equals(other);

        public override int GetHashCode() => _hash;
    }

    private sealed class SameEntry : IEqualityComparer<PolicyEntry>
    {
        public static readonly SameEntry Instance = new();

        public bool Equals(PolicyEntry x, PolicyEntry y) => x.Protocol == y.Protocol && x.Port == y.Port
            && x.PortPrefixLength == y.PortPrefixLength && x.IsDeny == y.IsDeny && x.Rule?.Number == y.Rule?.Number;

        public int GetHashCode(PolicyEntry obj) => HashCode.Combine(obj.Protocol, obj.Port);
    }
}
