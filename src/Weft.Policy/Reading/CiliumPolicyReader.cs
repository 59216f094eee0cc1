using System.Collections.Immutable;
using Weft.Model.Yaml;
using Weft.Policy.Documents;

namespace Weft.Policy.Reading;

/// <summary>Reads the specs of a `cilium.io/v2` policy of either kind.</summary>
internal sealed class CiliumPolicyReader(PolicyText text, PolicyName name)
{
    private const string Kubernetes = "k8s";
    private const string InitKey = "init";

    private readonly SelectorReader _selectors = new(text);

    private bool IsClusterwide => name.Kind == PolicyKind.CiliumClusterwideNetworkPolicy;

    public ImmutableArray<PolicySpec> Read(FieldReader document)
    {
        List<PolicySpec?> specs = [];
        if (text.Section(document, "spec", FieldNames.CiliumSpec) is { } single)
        {
            specs.Add(ReadSpec(single));
        }

        foreach (FieldReader spec in text.Sections(document, "specs", FieldNames.CiliumSpec) ?? [])
        {
            specs.Add(ReadSpec(spec));
        }

        if (specs.Count == 0)
        {
            text.Report(document.Line, $"'{document.PathOf("spec")}' is missing (or a list 'specs' that is not empty)");
        }

        return [.. specs.OfType<PolicySpec>()];
    }

    private PolicySpec? ReadSpec(FieldReader spec)
    {
        List<LabelRequirement>? endpoints = _selectors.ReadCilium(spec, "endpointSelector");
        List<LabelRequirement>? nodes = _selectors.ReadCilium(spec, "nodeSelector");
        bool isFaulty = CheckSubjects(spec, endpoints, nodes);
        CiliumRuleReader rules = new(text, name, endpoints?.Any(IsInit) == true);
        ImmutableArray<PolicyRule> all =
        [
            .. rules.ReadRules(spec, "ingress", TrafficDirection.Ingress, isDeny: false),
            .. rules.ReadRules(spec, "ingressDeny", TrafficDirection.Ingress, isDeny: true),
            .. rules.ReadRules(spec, "egress", TrafficDirection.Egress, isDeny: false),
            .. rules.ReadRules(spec, "egressDeny", TrafficDirection.Egress, isDeny: true),
        ];
        FieldReader? defaults = text.Section(spec, "enableDefaultDeny", FieldNames.DefaultDeny);
        string? description = spec.Text("description", required: false);
        _ = spec.List("labels", required: false);
        if (isFaulty)
        {
            return null;
        }

        IEnumerable<LabelRequirement> subjects = nodes ?? endpoints!;
        return new PolicySpec
        {
            Path = spec.What,
            Line = text.LineOf(spec),
            IsForNodes = nodes is not null,
            Subjects = new LabelSelector(IsClusterwide ? subjects : subjects.Append(OwnNamespace())),
            DeniesIngressByDefault = defaults?.Flag("ingress") ?? all.Any(rule => rule.Direction == TrafficDirection.Ingress),
            DeniesEgressByDefault = defaults?.Flag("egress") ?? all.Any(rule => rule.Direction == TrafficDirection.Egress),
            Description = description ?? "",
            Rules = all,
        };
    }

    private bool CheckSubjects(FieldReader spec, List<LabelRequirement>? endpoints, List<LabelRequirement>? nodes)
    {
        if (endpoints is null == nodes is null)
        {
            text.Report(spec.Line, endpoints is null
                ? $"'{spec.PathOf("endpointSelector")}' is missing (an empty one, endpointSelector: {{}}, selects all)"
                : $"'{spec.PathOf("nodeSelector")}' cannot be together with endpointSelector: write two specs");
            return true;
        }

        if (nodes is not null && !IsClusterwide)
        {
            text.Report(spec.LineOf("nodeSelector"), $"'{spec.PathOf("nodeSelector")}' needs a CiliumClusterwideNetworkPolicy: nodes are in no namespace");
            return true;
        }

        LabelRequirement? foreign = IsClusterwide ? null : endpoints?.FirstOrDefault(
            requirement => requirement is { Key: LabelRequirement.NamespaceKey, Operator: SelectorOperator.In } && !requirement.Values.Contains(name.Namespace));
        if (foreign is not null)
        {
            text.Report(
                spec.LineOf("endpointSelector"),
                $"'{spec.PathOf("endpointSelector")}' selects '{foreign}': a policy of namespace {name.Namespace} holds for its own pods only");
        }

        return foreign is not null;
    }

    private static bool IsInit(LabelRequirement requirement) => requirement is { Source: "reserved", Key: InitKey };

    private LabelRequirement OwnNamespace() => LabelRequirement.Equal(Kubernetes, LabelRequirement.NamespaceKey, name.Namespace);
}
