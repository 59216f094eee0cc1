using System.Collections.Immutable;
using Weft.Model.Yaml;
using Weft.Policy.Documents;

namespace Weft.Policy.Reading;

/// <summary>Reads the spec of a `networking.k8s.io/v1` NetworkPolicy.</summary>
internal sealed class NetworkPolicyReader(PolicyText text, PolicyName name)
{
    private const string Kubernetes = "k8s";

    private readonly SelectorReader _selectors = new(text);
    private readonly CidrReader _cidrs = new(text);
    private readonly PortReader _ports = new(text);

    public PolicySpec? Read(FieldReader document)
    {
        if (text.Section(document, "spec", FieldNames.NetworkPolicySpec) is not { } spec)
        {
            text.Report(document.LineOf("spec"), $"'{document.PathOf("spec")}' is missing");
            return null;
        }

        // Without it the rules are read too, for what is wrong with them.
        List<LabelRequirement>? subjects = _selectors.ReadKubernetes(spec, "podSelector");
        if (subjects is null)
        {
            text.Report(spec.Line, $"'{spec.PathOf("podSelector")}' is missing (an empty one, podSelector: {{}}, selects all pods of the namespace)");
        }

        IReadOnlyList<FieldReader> ingress = text.Sections(spec, "ingress", FieldNames.NetworkIngress) ?? [];
        IReadOnlyList<FieldReader> egress = text.Sections(spec, "egress", FieldNames.NetworkEgress) ?? [];
        (bool isIngress, bool isEgress) = ReadTypes(spec, egress.Count > 0);

        // Read either way, for the errors; rules of a direction that the policy does not relate to have no effect.
        ImmutableArray<PolicyRule> ingressRules = [.. ingress.Select(rule => ReadRule(rule, TrafficDirection.Ingress, "from"))];
        ImmutableArray<PolicyRule> egressRules = [.. egress.Select(rule => ReadRule(rule, TrafficDirection.Egress, "to"))];
        return subjects is null ? null : new PolicySpec
        {
            Path = spec.What,
            Line = text.LineOf(spec),
            Subjects = new LabelSelector(subjects.Append(OwnNamespace())),
            DeniesIngressByDefault = isIngress,
            DeniesEgressByDefault = isEgress,
            Rules = [.. isIngress ? ingressRules : [], .. isEgress ? egressRules : []],
        };
    }

    private (bool IsIngress, bool IsEgress) ReadTypes(FieldReader spec, bool hasEgress)
    {
        if (PolicyText.Items(spec, "policyTypes") is not { Count: > 0 } types)
        {
            return (true, hasEgress);
        }

        HashSet<string> known = [];
        foreach ((YamlValue value, string path) in types)
        {
            if (text.TextOf(value, path) is not { } type)
            {
                continue;
            }

            if (type is not ("Ingress" or "Egress"))
            {
                text.Report(value, path, $"is '{FieldReader.Shown(type)}' (Ingress or Egress)");
            }
            else if (!known.Add(type))
            {
                text.Report(value, path, $"is {type} once more");
            }
        }

        return (known.Contains("Ingress"), known.Contains("Egress"));
    }

    private PolicyRule ReadRule(FieldReader rule, TrafficDirection direction, string peersField)
    {
        IReadOnlyList<(YamlValue Value, string Path)> peers = PolicyText.Items(rule, peersField) ?? [];
        return new PolicyRule
        {
            Origin = new RuleOrigin(name, rule.What, text.LineOf(rule)),
            Direction = direction,
            Peers = peers.Count == 0 ? null : [.. peers.Select(peer => ReadPeer(text.Open(peer.Value, peer.Path, FieldNames.NetworkPeer))).OfType<PolicyPeer>()],
            Ports = _ports.ReadKubernetes(rule),
        };
    }

    private PolicyPeer? ReadPeer(FieldReader peer)
    {
        if (peer.IsBroken)
        {
            return null;
        }

        List<LabelRequirement>? pods = _selectors.ReadKubernetes(peer, "podSelector");
        List<LabelRequirement>? namespaces = _selectors.ReadKubernetes(peer, "namespaceSelector", LabelRequirement.NamespaceLabelsPrefix);
        if (text.Section(peer, "ipBlock", FieldNames.Block) is { } block)
        {
            if (pods is not null || namespaces is not null)
            {
                text.Report(block.Line, $"'{peer.PathOf("ipBlock")}' cannot be together with a selector: write two peers");
            }

            return _cidrs.ReadBlock(block, peer.What);
        }

        if (pods is null && namespaces is null)
        {
            text.Report(peer.Line, $"'{peer.What}' is empty: write podSelector, namespaceSelector or ipBlock (leave the whole list out to mean everybody)");
            return null;
        }

        IEnumerable<LabelRequirement> where = namespaces is null ? [OwnNamespace()]
            : namespaces.Count == 0 ? [LabelRequirement.Exists(Kubernetes, LabelRequirement.NamespaceKey)]
            : namespaces.Append(LabelRequirement.Exists(Kubernetes, LabelRequirement.NamespaceKey));
        return new LabelPeer(peer.What, text.LineOf(peer), new LabelSelector(where.Concat(pods ?? [])));
    }

    private LabelRequirement OwnNamespace() => LabelRequirement.Equal(Kubernetes, LabelRequirement.NamespaceKey, name.Namespace);
}
