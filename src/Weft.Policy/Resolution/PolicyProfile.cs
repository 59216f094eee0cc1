using System.Collections.Immutable;
using Weft.Model.Identities;
using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>What decides about a subject's table: subjects that agree in it share the table.</summary>
internal sealed class PolicyProfile(string key, ImmutableArray<SpecState> specs, bool isHost, ImmutableArray<NamedPort> ports)
{
    private readonly ImmutableArray<RuleState> _ingress = RulesOf(specs, TrafficDirection.Ingress);
    private readonly ImmutableArray<RuleState> _egress = RulesOf(specs, TrafficDirection.Egress);

    /// <summary>Of who is no endpoint: nothing is enforced, whatever the mode.</summary>
    public static readonly PolicyProfile Elsewhere = new("elsewhere", [], isHost: false, []);

    /// <summary>Text that equal profiles share.</summary>
    public string Key => key;

    /// <summary>That select the subjects, in order.</summary>
    public ImmutableArray<SpecState> Specs => specs;

    public bool IsHost => isHost;

    /// <summary>Of the subjects; empty where no rule asks for them.</summary>
    public ImmutableArray<NamedPort> Ports => ports;

    /// <summary>Whether ports of peers matter.</summary>
    public bool HasPeersPorts => _egress.Any(rule => rule.HasPeersPorts);

    public HashSet<Identity> Subjects { get; } = [];

    /// <summary>Peers whose entries have to be worked out anew.</summary>
    public HashSet<Identity> Pending { get; } = [];

    public PolicyTable Table { get; set; } = PolicyTable.Empty;

    public ImmutableArray<RuleState> Rules(TrafficDirection direction) => direction == TrafficDirection.Ingress ? _ingress : _egress;

    private static ImmutableArray<RuleState> RulesOf(ImmutableArray<SpecState> specs, TrafficDirection direction) =>
        [.. specs.SelectMany(spec => spec.Rules).Where(rule => rule.Rule.Direction == direction)];
}
