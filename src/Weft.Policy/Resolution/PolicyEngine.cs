using System.Collections.Immutable;
using System.Net;
using Weft.Model.Addressing;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Model.Services;
using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>Turns policies, identities, namespaces and services, as they come and go, into the tables of subjects.</summary>
/// <remarks>
/// A change is remembered and worked out by the next <see cref="Resolve"/>, which touches what it concerns, nothing else. Subjects are
/// identities whose tables are kept and whose changes are told: those of a node's endpoints. The reserved identities are known from the
/// start. Not thread-safe.
/// </remarks>
public sealed partial class PolicyEngine
{
    private readonly SelectorIndex _index;
    private readonly TableBuilder _builder;
    private readonly RuleNumbers _numbers = new();
    private readonly SortedDictionary<PolicyName, PolicyState> _policies = [];
    private readonly Dictionary<string, PolicyNamespace> _namespaces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<Identity>> _ofNamespace = new(StringComparer.Ordinal);
    private readonly SortedDictionary<ResourceName, (ServiceTargets Targets, WorkloadLabels Labels)> _services = [];
    private readonly CidrIdentities _cidrs = CidrIdentities.ForWorld();
    private readonly Dictionary<IPNetwork, int> _prefixUses = [];
    private readonly HashSet<IPNetwork> _changedPrefixes = [];
    private readonly Dictionary<IPNetwork, CidrIdentity> _toldPrefixes = [];
    private readonly List<IPNetwork> _gathered = [];
    private int _lastSpec;

    public PolicyEngine(PolicyOptions? options = null)
    {
        Options = options ?? new PolicyOptions();
        _index = new SelectorIndex(OnFlipped);
        _builder = new TableBuilder(_index, Options);
        foreach (IdentityRecord reserved in ReservedIdentities.All)
        {
            PutIdentity(reserved.Id, reserved.Labels);
        }
    }

    public PolicyOptions Options { get; }

    /// <summary>By name.</summary>
    public IEnumerable<PolicyDocument> Policies => _policies.Values.Select(policy => policy.Document);

    /// <summary>In no particular order, with those of prefixes.</summary>
    public IEnumerable<IdentityRecord> Identities => _index.Identities.Values.Select(state => new IdentityRecord(state.Identity, state.Own));

    /// <summary>Prefixes that rules name, with their identities.</summary>
    public IEnumerable<CidrIdentity> Prefixes => _cidrs.All;

    /// <summary>How many different selectors are kept.</summary>
    public int SelectorCount => _index.Selectors;

    public bool Knows(Identity identity) => _index.Identities.ContainsKey(identity);

    /// <summary>The identity of an address outside the cluster, as the ipcache finds it: that of the longest prefix in use, else world.</summary>
    public Identity IdentityOf(IPAddress address) => _cidrs.FindCovering(address.AsPrefix())?.Identity ?? Identity.World;

    /// <summary>The identity of those addresses of a prefix that are in no longer one in use; else world.</summary>
    public Identity IdentityOf(IPNetwork prefix) => _cidrs.FindCovering(prefix)?.Identity ?? Identity.World;

    /// <summary>All rules, by the numbers that events of the datapath have. A copy.</summary>
    public IReadOnlyDictionary<uint, PolicyRule> RulesByNumber() => _numbers.All();

    /// <summary>The rule that an event of the datapath names; null: gone, or there never was one.</summary>
    public PolicyRule? FindRule(uint number) => _numbers.Find(number);

    /// <summary>Adds the policy, or replaces the one of the same name.</summary>
    public void PutPolicy(PolicyDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        _policies.Remove(document.Name, out PolicyState? before);
        foreach (RuleState rule in before?.Rules ?? [])
        {
            // First, so that a rule in the same place gets the same number again.
            _numbers.TakeBack(rule.Applied);
        }

        PolicyState after = new(document, [.. document.Specs.Where(IsApplied).Select((spec, i) => StateOf(document.Name, i, spec))]);
        _policies.Add(document.Name, after);
        Drop(before);
        MarkSubjects(after);
    }

    public void RemovePolicy(PolicyName name)
    {
        if (_policies.Remove(name, out PolicyState? before))
        {
            foreach (RuleState rule in before.Rules)
            {
                _numbers.TakeBack(rule.Applied);
            }

            Drop(before);
        }
    }

    /// <summary>Adds an identity, or changes the labels of one.</summary>
    /// <param name="ports">Named ports of all its pods together.</param>
    public void PutIdentity(Identity identity, LabelSet labels, ImmutableArray<NamedPort> ports = default)
    {
        ArgumentNullException.ThrowIfNull(labels);
        WorkloadLabels effective = WorkloadLabels.Of(labels, _namespaces);
        if (!_index.Identities.TryGetValue(identity, out IdentityState? state))
        {
            state = _index.Add(identity, effective);
        }

        Follow(state.Labels.Namespace, identity, isThere: false);
        Follow(effective.Namespace, identity, isThere: true);
        ports = ports.IsDefault ? [] : ports;
        bool hasOtherPorts = !state.Ports.SequenceEqual(ports);
        _index.Change(state, changed =>
        {
            changed.Own = labels;
            changed.Labels = effective;
            changed.Ports = ports;
        });
        MarkSubject(identity);
        if (hasOtherPorts)
        {
            MarkPorts(identity);
        }
    }

    public void RemoveIdentity(Identity identity)
    {
        if (_index.Identities.TryGetValue(identity, out IdentityState? state))
        {
            Follow(state.Labels.Namespace, identity, isThere: false);
            _index.Remove(state);
            MarkSubject(identity);
        }
    }

    public void PutNamespace(PolicyNamespace @namespace)
    {
        ArgumentNullException.ThrowIfNull(@namespace);
        if (!_namespaces.TryGetValue(@namespace.Name, out PolicyNamespace? before) || before != @namespace)
        {
            _namespaces[@namespace.Name] = @namespace;
            Relabel(@namespace.Name);
        }
    }

    public void RemoveNamespace(string name)
    {
        if (_namespaces.Remove(name))
        {
            Relabel(name);
        }
    }

    public void PutService(ServiceTargets service)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (_services.TryGetValue(service.Name, out (ServiceTargets Targets, WorkloadLabels Labels) before) && before.Targets == service)
        {
            return;
        }

        List<PolicyDocument> concerned = ConcernedBy(service.Name);
        _services[service.Name] = (service, WorkloadLabels.OfKubernetes(service.Labels));
        concerned.AddRange(ConcernedBy(service.Name));
        concerned.Distinct().ToList().ForEach(PutPolicy);
    }

    public void RemoveService(ResourceName name)
    {
        List<PolicyDocument> concerned = ConcernedBy(name);
        if (_services.Remove(name))
        {
            concerned.ForEach(PutPolicy);
        }
    }

    /// <summary>An engine that holds the same and has resolved it; changes to one do not touch the other. Subjects are not taken over.</summary>
    /// <param name="options">Null: those of this one.</param>
    public PolicyEngine Copy(PolicyOptions? options = null)
    {
        PolicyEngine copy = new(options ?? Options);
        foreach (PolicyNamespace @namespace in _namespaces.Values)
        {
            copy.PutNamespace(@namespace);
        }

        foreach ((ServiceTargets targets, _) in _services.Values)
        {
            copy.PutService(targets);
        }

        foreach (IdentityState state in _index.Identities.Values.Where(state => !_cidrs.Contains(state.Identity)))
        {
            copy.PutIdentity(state.Identity, state.Own, state.Ports);
        }

        foreach (PolicyDocument document in Policies)
        {
            copy.PutPolicy(document);
        }

        copy.Resolve();
        return copy;
    }

    private bool IsApplied(PolicySpec spec) => !spec.IsForNodes || Options.HasHostFirewall;

    private SpecState StateOf(PolicyName policy, int index, PolicySpec spec)
    {
        SpecState state = new(++_lastSpec, policy, index, spec) { Subjects = _index.Acquire(spec.Subjects) };
        state.Subjects.SubjectsOf.Add(state);
        state.Rules = [.. spec.Rules.Select(rule => StateOf(state, rule))];
        return state;
    }

    private RuleState StateOf(SpecState spec, PolicyRule rule)
    {
        bool isAny = rule.Peers is not { } peers || peers.Any(peer => peer is AnyPeer);
        RuleState state = new(spec, _numbers.Give(rule)) { IsAny = isAny };
        _gathered.Clear();
        List<SelectorState> selectors = isAny ? [] : [.. rule.Peers!.Value.SelectMany(SelectorsOf)];
        if (isAny && state.HasPeersPorts)
        {
            selectors.AddRange(rule.Ports!.Value.Where(port => port.Name is not null).Select(port => _index.Acquire(port.Name!)));
        }

        state.Peers = [.. selectors];
        state.Prefixes = [.. _gathered];
        selectors.ForEach(selector => selector.PeersOf.Add(state));
        return state;
    }

    private IEnumerable<SelectorState> SelectorsOf(PolicyPeer peer)
    {
        switch (peer)
        {
            case LabelPeer labels:
                yield return _index.Acquire(labels.Selector);
                break;
            case CidrPeer cidr:
                yield return AcquireCidr(cidr);
                break;
            case ServicePeer services:
                foreach (ServiceTargets targets in ServicesOf(services))
                {
                    foreach (PolicyPeer behind in Behind(services, targets))
                    {
                        yield return behind is CidrPeer address ? AcquireCidr(address) : _index.Acquire(((LabelPeer)behind).Selector);
                    }
                }

                break;
        }
    }

    private SelectorState AcquireCidr(CidrPeer cidr)
    {
        foreach (IPNetwork prefix in cidr.Except.Append(cidr.Network))
        {
            _gathered.Add(prefix);
            UsePrefix(prefix);
        }

        return _index.Acquire(cidr, Options.CidrMatch == CidrMatchMode.WorldAndNodes);
    }

    internal IEnumerable<ServiceTargets> ServicesOf(ServicePeer peer) => _services.Values
        .Where(service => (peer.Namespace is null || peer.Namespace == service.Targets.Name.Namespace)
            && (peer.Name is not null ? peer.Name == service.Targets.Name.Name : service.Labels.Matches(peer.Selector!)))
        .Select(service => service.Targets);

    /// <summary>The pods of a service, or, where it has no selector, its addresses.</summary>
    internal static IEnumerable<PolicyPeer> Behind(ServicePeer peer, ServiceTargets service) => service.PodSelector.IsEmpty
        ? service.Addresses.Select(address => new CidrPeer(peer.Path, peer.Line, address.AsPrefix(), []))
        : [new LabelPeer(peer.Path, peer.Line, new LabelSelector(service.PodSelector
            .Select(label => LabelRequirement.Equal(Label.KubernetesSource, label.Key, label.Value))
            .Append(LabelRequirement.Equal(Label.KubernetesSource, LabelRequirement.NamespaceKey, service.Name.Namespace))))];

    /// <summary>Policies with rules to a service, as it is now.</summary>
    private List<PolicyDocument> ConcernedBy(ResourceName service) =>
        [.. _policies.Values.Where(policy => policy.ServicePeers.Any(peer => ServicesOf(peer).Any(targets => targets.Name == service)))
            .Select(policy => policy.Document)];

    private void Drop(PolicyState? policy)
    {
        if (policy is null)
        {
            return;
        }

        MarkSubjects(policy);
        foreach (RuleState rule in policy.Rules)
        {
            foreach (SelectorState selector in rule.Peers)
            {
                selector.PeersOf.Remove(rule);
                _index.Release(selector);
            }
        }

        foreach (SpecState spec in policy.Specs)
        {
            spec.Subjects.SubjectsOf.Remove(spec);
            _index.Release(spec.Subjects);
        }

        foreach (IPNetwork prefix in policy.Rules.SelectMany(rule => rule.Prefixes))
        {
            DisusePrefix(prefix);
        }
    }

    private void Follow(string? @namespace, Identity identity, bool isThere)
    {
        if (@namespace is null)
        {
            return;
        }

        if (!_ofNamespace.TryGetValue(@namespace, out HashSet<Identity>? identities))
        {
            _ofNamespace.Add(@namespace, identities = []);
        }

        _ = isThere ? identities.Add(identity) : identities.Remove(identity);
        if (identities.Count == 0)
        {
            _ofNamespace.Remove(@namespace);
        }
    }

    private void Relabel(string @namespace)
    {
        foreach (Identity identity in _ofNamespace.GetValueOrDefault(@namespace) ?? [])
        {
            _index.Change(_index.Identities[identity], state => state.Labels = WorkloadLabels.Of(state.Own, _namespaces));
        }
    }

    private sealed class PolicyState(PolicyDocument document, ImmutableArray<SpecState> specs)
    {
        public PolicyDocument Document => document;

        public ImmutableArray<SpecState> Specs => specs;

        public IEnumerable<RuleState> Rules => specs.SelectMany(spec => spec.Rules);

        public IEnumerable<ServicePeer> ServicePeers =>
            specs.SelectMany(spec => spec.Spec.Rules).SelectMany(rule => rule.Peers ?? []).OfType<ServicePeer>();
    }
}
