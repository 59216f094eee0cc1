using System.Collections.Immutable;
using System.Net;
using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>A rule with its selectors found.</summary>
internal sealed class RuleState(SpecState spec, AppliedRule applied)
{
    public SpecState Spec => spec;

    public AppliedRule Applied => applied;

    public PolicyRule Rule => applied.Rule;

    /// <summary>It speaks of everybody, known or not.</summary>
    public required bool IsAny { get; init; }

    /// <summary>
    /// Whom it speaks of besides. Of a rule for everybody at named ports of theirs: those who have ports of these names.
    /// </summary>
    public ImmutableArray<SelectorState> Peers { get; set; } = [];

    /// <summary>That its peers name, those of exceptions too; each as often as it is used.</summary>
    public ImmutableArray<IPNetwork> Prefixes { get; set; } = [];

    /// <summary>Its ports depend on the peer: it has named ports at egress.</summary>
    public bool HasPeersPorts => Rule.Direction == TrafficDirection.Egress && HasNames;

    /// <summary>Its ports depend on the subject: it has named ports at ingress.</summary>
    public bool HasSubjectsPorts => Rule.Direction == TrafficDirection.Ingress && HasNames;

    private bool HasNames { get; } = applied.Rule.Ports is { } ports && ports.Any(port => port.Name is not null);
}
