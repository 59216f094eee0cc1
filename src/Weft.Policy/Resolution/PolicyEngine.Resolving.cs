using System.Collections.Immutable;
using System.Net;
using Weft.Model.Identities;
using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>What changed since the last run, and working it out.</summary>
public sealed partial class PolicyEngine
{
    private readonly Dictionary<Identity, SubjectState> _subjects = [];
    private readonly HashSet<Identity> _changedSubjects = [];
    private readonly Dictionary<string, PolicyProfile> _profiles = new(StringComparer.Ordinal);
    private readonly HashSet<PolicyProfile> _pending = [];

    /// <summary>Tables of identities that are no subjects, as of the last run.</summary>
    private readonly Dictionary<string, PolicyProfile> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<Identity, PolicyProfile> _askedFor = [];

    /// <summary>Keeps the table of an identity from now on; it need not be known yet.</summary>
    public void AddSubject(Identity identity)
    {
        if (_subjects.TryAdd(identity, new SubjectState()))
        {
            _changedSubjects.Add(identity);
        }
    }

    public void RemoveSubject(Identity identity)
    {
        if (_subjects.Remove(identity, out SubjectState? state))
        {
            Leave(identity, state);
            _changedSubjects.Remove(identity);
        }
    }

    /// <summary>Works out what changed since the last call.</summary>
    public PolicyChanges Resolve()
    {
        Forget();
        HashSet<Identity> concerned = [.. _changedSubjects];
        foreach (Identity subject in _changedSubjects)
        {
            Enter(subject, _subjects[subject]);
        }

        _changedSubjects.Clear();
        Dictionary<(PolicyTable Before, PolicyTable After), IReadOnlyCollection<Identity>> peersOf = [];
        foreach (PolicyProfile profile in _pending)
        {
            if (profile.Subjects.Count > 0 && profile.Pending.Count > 0)
            {
                PolicyTable before = profile.Table;
                profile.Table = _builder.Update(profile, profile.Pending);
                if (profile.Table != before)
                {
                    concerned.UnionWith(profile.Subjects);
                    peersOf[(before, profile.Table)] = [.. profile.Pending];
                }
            }

            profile.Pending.Clear();
        }

        _pending.Clear();
        return new PolicyChanges(ChangesOf(concerned, peersOf), TellPrefixes(out ImmutableArray<CidrIdentity> gone), gone);
    }

    /// <summary>The table of any identity, as of the last <see cref="Resolve"/> and, for one that is no subject, of changes since.</summary>
    public PolicyTable TableOf(Identity identity) =>
        _subjects.TryGetValue(identity, out SubjectState? subject) ? subject.Told : ProfileOf(identity).Table;

    /// <summary>Policies that select an identity, by name; none twice.</summary>
    public IEnumerable<PolicyName> PoliciesOf(Identity subject) => ProfileOf(subject).Specs.Select(spec => spec.Policy).Distinct();

    /// <summary>The profile of any identity, worked out if no subject has it.</summary>
    internal PolicyProfile ProfileOf(Identity identity)
    {
        if (!_askedFor.TryGetValue(identity, out PolicyProfile? profile))
        {
            _askedFor.Add(identity, profile = Ask(Describe(identity)));
        }

        return profile;
    }

    private PolicyProfile Ask(PolicyProfile profile)
    {
        if (profile == PolicyProfile.Elsewhere)
        {
            return profile;
        }

        if (_asked.TryGetValue(profile.Key, out PolicyProfile? known) || (_profiles.TryGetValue(profile.Key, out known) && known.Pending.Count == 0))
        {
            return known;
        }

        profile.Table = _builder.Build(profile);
        _asked.Add(profile.Key, profile);
        return profile;
    }

    private void Forget()
    {
        _asked.Clear();
        _askedFor.Clear();
    }

    internal IdentityState? Find(Identity identity) => _index.Identities.GetValueOrDefault(identity);

    internal IEnumerable<IdentityState> States => _index.Identities.Values;

    internal IEnumerable<SpecState> Specs => _policies.Values.SelectMany(policy => policy.Specs);

    internal bool Holds(PolicyName name) => _policies.ContainsKey(name);

    internal bool DeniesByDefault(PolicyProfile profile, TrafficDirection direction) => _builder.DeniesByDefault(profile, direction);

    private void OnFlipped(SelectorState selector, IdentityState state)
    {
        Forget();
        if (selector.SubjectsOf.Count > 0)
        {
            MarkSubject(state.Identity);
        }

        foreach (RuleState rule in selector.PeersOf)
        {
            foreach (PolicyProfile profile in rule.Spec.Profiles)
            {
                profile.Pending.Add(state.Identity);
                _pending.Add(profile);
            }
        }
    }

    private void MarkSubject(Identity identity)
    {
        Forget();
        if (_subjects.ContainsKey(identity))
        {
            _changedSubjects.Add(identity);
        }
    }

    private void MarkSubjects(PolicyState policy)
    {
        Forget();
        foreach (SpecState spec in policy.Specs)
        {
            foreach (int position in spec.Subjects.Members)
            {
                MarkSubject(_index.At(position).Identity);
            }
        }
    }

    /// <summary>Numbers behind names of ports changed, which no selector sees.</summary>
    private void MarkPorts(Identity peer)
    {
        foreach (PolicyProfile profile in _profiles.Values.Where(profile => profile.HasPeersPorts))
        {
            profile.Pending.Add(peer);
            _pending.Add(profile);
        }
    }

    private void Enter(Identity identity, SubjectState subject)
    {
        PolicyProfile profile = Describe(identity);
        if (subject.Profile?.Key == profile.Key)
        {
            return;
        }

        if (profile == PolicyProfile.Elsewhere)
        {
            // Shared by all engines, so nothing may be noted in it.
            Leave(identity, subject);
            subject.Profile = profile;
            return;
        }

        Leave(identity, subject);
        if (_profiles.TryGetValue(profile.Key, out PolicyProfile? known))
        {
            profile = known;
        }
        else
        {
            profile.Table = _builder.Build(profile);
            _profiles.Add(profile.Key, profile);
            foreach (SpecState spec in profile.Specs)
            {
                spec.Profiles.Add(profile);
            }
        }

        profile.Subjects.Add(identity);
        subject.Profile = profile;
    }

    private void Leave(Identity identity, SubjectState subject)
    {
        if (subject.Profile is not { } profile)
        {
            return;
        }

        subject.Profile = null;
        if (profile != PolicyProfile.Elsewhere && profile.Subjects.Remove(identity) && profile.Subjects.Count == 0)
        {
            _profiles.Remove(profile.Key);
            _pending.Remove(profile);
            foreach (SpecState spec in profile.Specs)
            {
                spec.Profiles.Remove(profile);
            }
        }
    }

    /// <summary>What would decide about the identity's table, without the table.</summary>
    private PolicyProfile Describe(Identity identity)
    {
        if (!_index.Identities.TryGetValue(identity, out IdentityState? state))
        {
            return new PolicyProfile("", [], isHost: false, []);
        }

        if (!state.Labels.IsEndpoint)
        {
            return PolicyProfile.Elsewhere;
        }

        ImmutableArray<SpecState> specs = [.. _index.Selecting(state).SelectMany(selector => selector.SubjectsOf)
            .Where(spec => spec.Spec.IsForNodes == state.Labels.IsHost).Order()];
        bool asksPorts = specs.Any(spec => spec.Rules.Any(rule => rule.HasSubjectsPorts));
        ImmutableArray<NamedPort> ports = asksPorts ? state.Ports : [];
        string key = $"{(state.Labels.IsHost ? "host " : "")}{string.Join(' ', specs.Select(spec => spec.Number))}"
            + string.Concat(ports.Select(port => $" {port.Name}={port.Port}/{port.Protocol}"));
        return new PolicyProfile(key, specs, state.Labels.IsHost, ports);
    }

    private ImmutableArray<TableChange> ChangesOf(
        HashSet<Identity> concerned, Dictionary<(PolicyTable Before, PolicyTable After), IReadOnlyCollection<Identity>> peersOf)
    {
        Dictionary<(PolicyTable Before, PolicyTable After), List<Identity>> groups = [];
        foreach (Identity identity in concerned)
        {
            SubjectState subject = _subjects[identity];
            PolicyTable after = subject.Profile!.Table;
            if (subject.Told == after)
            {
                continue;
            }

            if (!groups.TryGetValue((subject.Told, after), out List<Identity>? group))
            {
                groups.Add((subject.Told, after), group = []);
            }

            group.Add(identity);
            subject.Told = after;
        }

        return [.. groups.Select(group => TableDifference.Of(
                group.Key.Before, group.Key.After, [.. group.Value.Order()], peersOf.GetValueOrDefault(group.Key)))
            .OfType<TableChange>()
            .OrderBy(change => change.Subjects[0])];
    }

    private void UsePrefix(IPNetwork prefix)
    {
        _prefixUses[prefix] = _prefixUses.GetValueOrDefault(prefix) + 1;
        if (_cidrs.Add(prefix))
        {
            _changedPrefixes.Add(prefix);
            PutPrefixes(prefix);
        }
    }

    private void DisusePrefix(IPNetwork prefix)
    {
        if (--_prefixUses[prefix] > 0)
        {
            return;
        }

        _prefixUses.Remove(prefix);
        Identity identity = _cidrs.Find(prefix)!.Identity;
        _cidrs.Remove(prefix);
        _changedPrefixes.Add(prefix);
        RemoveIdentity(identity);
        PutPrefixes(prefix);
    }

    /// <summary>The prefix, if it has an identity, and those inside it, whose labels name it.</summary>
    private void PutPrefixes(IPNetwork prefix)
    {
        foreach (IPNetwork inside in _cidrs.Inside(prefix).Append(prefix).ToList())
        {
            if (_cidrs.Find(inside) is { } cidr)
            {
                PutIdentity(cidr.Identity, cidr.Labels);
            }
        }
    }

    private ImmutableArray<CidrIdentity> TellPrefixes(out ImmutableArray<CidrIdentity> gone)
    {
        var added = ImmutableArray.CreateBuilder<CidrIdentity>();
        var removed = ImmutableArray.CreateBuilder<CidrIdentity>();
        foreach (IPNetwork prefix in _changedPrefixes.Order(PrefixOrder.Instance))
        {
            _toldPrefixes.Remove(prefix, out CidrIdentity? before);
            if (_cidrs.Find(prefix) is not { } now)
            {
                if (before is not null)
                {
                    removed.Add(before);
                }

                continue;
            }

            _toldPrefixes.Add(prefix, now);
            if (before?.Identity != now.Identity)
            {
                added.Add(now);
            }
        }

        _changedPrefixes.Clear();
        gone = removed.ToImmutable();
        return added.ToImmutable();
    }

    private sealed class SubjectState
    {
        /// <summary>Null: not worked out yet.</summary>
        public PolicyProfile? Profile { get; set; }

        /// <summary>The table as of the last run.</summary>
        public PolicyTable Told { get; set; } = PolicyTable.Empty;
    }
}
