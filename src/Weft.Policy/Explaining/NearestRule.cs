using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Weft.Model.Addressing;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Policy.Explaining;

/// <summary>Looks for the rule that a flow misses by least.</summary>
internal sealed class NearestRule(PolicyEngine engine, PolicyFlow flow, TrafficDirection direction)
{
    private const string Nothing = "none";

    /// <summary>By the number of conditions that fail; of those that fail alike, one that is for the subject already.</summary>
    public NearMiss? Find(IdentityState subject, IdentityState? peer) => engine.Specs
        .Where(spec => spec.Spec.IsForNodes == subject.Labels.IsHost)
        .SelectMany(spec => spec.Rules.Where(rule => rule.Rule.Direction == direction && !rule.Rule.IsDeny).Select(rule => (Spec: spec, Rule: rule)))
        .Select(candidate => (
            candidate.Rule,
            OfSubject: Failing("endpoint", subject.Labels, candidate.Spec.Spec.Subjects, candidate.Spec.Origin),
            OfPeer: OfPeer(candidate.Rule.Rule, peer),
            OfPort: OfPort(candidate.Rule.Rule, subject, peer)))
        .Where(candidate => candidate.OfPeer is not null && candidate.OfPort is not null)
        .OrderBy(candidate => candidate.OfSubject.Length + candidate.OfPeer!.Value.Length + candidate.OfPort!.Value.Length)
        .ThenBy(candidate => candidate.OfSubject.Length)
        .ThenBy(candidate => candidate.Rule.Spec)
        .Select(candidate => new NearMiss(
            candidate.Rule.Rule.Origin, [.. candidate.OfSubject, .. candidate.OfPeer!.Value, .. candidate.OfPort!.Value]))
        .FirstOrDefault();

    /// <summary>Of the rule's peers the nearest; null: it means nobody.</summary>
    private ImmutableArray<FieldDifference>? OfPeer(PolicyRule rule, IdentityState? peer)
    {
        if (rule.Peers is not { } peers || peers.Any(one => one is AnyPeer))
        {
            return [];
        }

        ImmutableArray<FieldDifference>? nearest = null;
        foreach (PolicyPeer one in peers)
        {
            RuleOrigin place = new(rule.Origin.Policy, one.Path, one.Line);
            ImmutableArray<FieldDifference> failing = peer is null
                ? [new FieldDifference("peer", place, one.ToString()!, "unknown")]
                : OfPeer(one, peer, place);
            if (nearest is null || failing.Length < nearest.Value.Length)
            {
                nearest = failing;
            }
        }

        return nearest;
    }

    private ImmutableArray<FieldDifference> OfPeer(PolicyPeer wanted, IdentityState peer, RuleOrigin place)
    {
        switch (wanted)
        {
            case LabelPeer labels:
                return Failing("peer", peer.Labels, labels.Selector, place);
            case CidrPeer cidr:
                bool withNodes = engine.Options.CidrMatch == CidrMatchMode.WorldAndNodes;
                return PeerMatch.IsIn(peer.Labels, cidr, withNodes) ? [] : [new FieldDifference("CIDR", place, cidr.ToString(), AddressOf(peer, cidr))];
            case ServicePeer service:
                ImmutableArray<FieldDifference> nearest = [new FieldDifference("service", place, service.ToString(), "something else")];
                return engine.ServicesOf(service).SelectMany(targets => PolicyEngine.Behind(service, targets))
                    .Any(behind => OfPeer(behind, peer, place).IsEmpty) ? [] : nearest;
            default:
                return [];
        }
    }

    private static string AddressOf(IdentityState peer, CidrPeer cidr)
    {
        if (!peer.Labels.IsWorld)
        {
            return peer.Labels.Namespace is { } space ? $"a pod of {space}, which no CIDR means" : "in the cluster, which no CIDR means";
        }

        foreach (IPNetwork except in cidr.Except)
        {
            if (peer.Labels.Prefix is { } prefix && except.Covers(prefix))
            {
                return $"in the exception {except}";
            }
        }

        return peer.Labels.Prefix?.ToString() ?? "an address in no prefix of a rule";
    }

    /// <summary>Of the rule's ports the nearest; null: it has none.</summary>
    private ImmutableArray<FieldDifference>? OfPort(PolicyRule rule, IdentityState subject, IdentityState? peer)
    {
        if (rule.Ports is not { } ports)
        {
            return [];
        }

        ImmutableArray<NamedPort> named = (direction == TrafficDirection.Ingress ? subject : peer)?.Ports ?? [];
        ImmutableArray<FieldDifference>? nearest = null;
        foreach (PortMatch match in ports)
        {
            ImmutableArray<FieldDifference> failing = OfPort(match, named, new RuleOrigin(rule.Origin.Policy, match.Path, match.Line));
            if (nearest is null || failing.Length < nearest.Value.Length)
            {
                nearest = failing;
            }
        }

        return nearest;
    }

    private ImmutableArray<FieldDifference> OfPort(PortMatch match, ImmutableArray<NamedPort> named, RuleOrigin place)
    {
        List<FieldDifference> failing = [];
        bool isProtocol = match.Protocol == PortMatch.AnyProtocol ? Protocols.HasPorts(flow.Protocol) : match.Protocol == flow.Protocol;
        if (!isProtocol)
        {
            failing.Add(new FieldDifference("protocol", place, Protocols.NameOf(match.Protocol), Protocols.NameOf(flow.Protocol)));
        }

        bool isPort = match.Name is null
            ? flow.Port >= match.First && flow.Port <= match.Last
            : named.Any(port => port.Name == match.Name && port.Protocol == flow.Protocol && port.Port == flow.Port);
        if (!isPort)
        {
            string actual = flow.Port.ToString(CultureInfo.InvariantCulture);
            string field = Protocols.IsIcmp(flow.Protocol) ? "ICMP type" : "port";
            string[] numbers = [.. named.Where(port => port.Name == match.Name).Select(port => $"{port.Port}/{Protocols.NameOf(port.Protocol)}")];
            string written = match.Name is null ? match.ToString()
                : $"{match} ({(numbers.Length == 0 ? "which the destination has no port of" : string.Join(", ", numbers))})";
            failing.Add(new FieldDifference(field, place, written, actual));
        }

        return [.. failing];
    }

    private static ImmutableArray<FieldDifference> Failing(string whose, WorkloadLabels labels, LabelSelector selector, RuleOrigin place) =>
        [.. selector.Requirements.Where(requirement => !labels.Matches(requirement)).Select(requirement => new FieldDifference(
            $"{whose}'s {NameOf(requirement)}", place, requirement.ToString(), ValueOf(labels, requirement)))];

    private static string NameOf(LabelRequirement requirement) => requirement switch
    {
        { Key: LabelRequirement.NamespaceKey } => "namespace",
        { Source: "reserved" } => "entity",
        _ when requirement.Key.StartsWith(LabelRequirement.NamespaceLabelsPrefix, StringComparison.Ordinal) =>
            $"namespace label {requirement.Key[LabelRequirement.NamespaceLabelsPrefix.Length..]}",
        _ => $"label {requirement.Key}",
    };

    private static string ValueOf(WorkloadLabels labels, LabelRequirement requirement)
    {
        string[] values =
        [
            .. labels.All.Where(label => label.Key == requirement.Key && (requirement.Source is null || label.Source == requirement.Source))
                .Select(label => label.Value.Length == 0 ? "''" : label.Value).Distinct(),
        ];
        return values.Length == 0 ? Nothing : string.Join(" and ", values);
    }
}
