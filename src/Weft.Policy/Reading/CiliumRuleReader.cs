using System.Collections.Immutable;
using Weft.Model.Yaml;
using Weft.Policy.Documents;

namespace Weft.Policy.Reading;

/// <summary>Reads the rules of one spec.</summary>
/// <param name="selectsInit">The spec is for endpoints that have no labels yet, so their peers need have none either.</param>
internal sealed class CiliumRuleReader(PolicyText text, PolicyName name, bool selectsInit)
{
    private const string Kubernetes = "k8s";
    private const string Reserved = "reserved";

    private readonly SelectorReader _selectors = new(text);
    private readonly CidrReader _cidrs = new(text);
    private readonly PortReader _ports = new(text);

    public IEnumerable<PolicyRule> ReadRules(FieldReader spec, string field, TrafficDirection direction, bool isDeny)
    {
        bool isIngress = direction == TrafficDirection.Ingress;
        foreach (FieldReader rule in text.Sections(spec, field, isIngress ? FieldNames.CiliumIngress : FieldNames.CiliumEgress) ?? [])
        {
            ImmutableArray<PortMatch>? ports = _ports.ReadCilium(rule);
            yield return new PolicyRule
            {
                Origin = new RuleOrigin(name, rule.What, text.LineOf(rule)),
                Direction = direction,
                IsDeny = isDeny,
                Peers = ReadPeers(rule, isIngress ? "from" : "to", hasPorts: ports is not null),
                Ports = ports,
            };
        }
    }

    /// <summary>
    /// Who is meant: everybody if there are ports and no peers; nobody if there are neither, or if a list of peers is empty.
    /// </summary>
    private ImmutableArray<PolicyPeer>? ReadPeers(FieldReader rule, string word, bool hasPorts)
    {
        List<(string Field, int Count, List<PolicyPeer> Peers)> lists = [];
        Add($"{word}Endpoints", ReadEndpoint);
        Add($"{word}CIDR", ReadCidr);
        Add($"{word}CIDRSet", ReadCidrSet);
        Add($"{word}Entities", ReadEntity);
        if (word == "to")
        {
            Add("toServices", ReadService);
        }

        List<string> used = [.. lists.Where(list => list.Count > 0).Select(list => list.Field)];
        if (used.Count > 1)
        {
            text.Report(rule.LineOf(used[1]), $"'{rule.PathOf(used[1])}' cannot be together with {used[0]}: write two rules");
        }

        return lists.Count == 0 && hasPorts ? null
            : lists.Any(list => list.Count == 0) ? []
            : [.. lists.SelectMany(list => list.Peers)];

        void Add(string field, Func<YamlValue, string, PolicyPeer?> read)
        {
            if (PolicyText.Items(rule, field) is { } items)
            {
                lists.Add((field, items.Count, [.. items.Select(item => read(item.Value, item.Path)).OfType<PolicyPeer>()]));
            }
        }
    }

    private LabelPeer? ReadEndpoint(YamlValue value, string path)
    {
        // The selector is the entry itself, not a field of it.
        FieldReader holder = text.OpenLoosely(
            new YamlMap(value.Line, [new(new YamlText(value.Line, Last(path)), value)]), path[..^Last(path).Length].TrimEnd('.'));
        if (_selectors.ReadCilium(holder, Last(path)) is not { } requirements)
        {
            if (value.IsNull)
            {
                text.Report(value, path, "is empty (write {} to mean all)");
            }

            return null;
        }

        return new LabelPeer(path, text.LineOf(value), new LabelSelector(requirements.Concat(ImpliedNamespace(requirements))));
    }

    private static string Last(string path) => path[(path.LastIndexOf('.') + 1)..];

    /// <summary>Unless a selector speaks of namespaces or reserved labels, it means pods of the policy's namespace; of any, where it has none.</summary>
    private IEnumerable<LabelRequirement> ImpliedNamespace(List<LabelRequirement> requirements)
    {
        if (requirements.Any(r => r.Source == Reserved) || requirements.Any(r => IsOfPods(r) && r.Key == LabelRequirement.NamespaceKey))
        {
            return [];
        }

        if (name.Kind == PolicyKind.CiliumClusterwideNetworkPolicy)
        {
            return selectsInit ? [] : [LabelRequirement.Exists(Kubernetes, LabelRequirement.NamespaceKey)];
        }

        return requirements.Any(r => IsOfPods(r) && r.Key.StartsWith(LabelRequirement.NamespaceLabelsPrefix, StringComparison.Ordinal))
            ? []
            : [LabelRequirement.Equal(Kubernetes, LabelRequirement.NamespaceKey, name.Namespace)];
    }

    private static bool IsOfPods(LabelRequirement requirement) => requirement.Source is null or Kubernetes;

    private CidrPeer? ReadCidr(YamlValue value, string path) =>
        _cidrs.ReadNetwork(value, path, mayBeAddress: true) is { } network ? new CidrPeer(path, text.LineOf(value), network, []) : null;

    private CidrPeer? ReadCidrSet(YamlValue value, string path)
    {
        FieldReader block = text.Open(value, path, FieldNames.CidrSet);
        return block.IsBroken ? null : _cidrs.ReadBlock(block, path);
    }

    private PolicyPeer? ReadEntity(YamlValue value, string path)
    {
        if (text.TextOf(value, path) is not { } entity)
        {
            return null;
        }

        int line = text.LineOf(value);
        if (Entities.TryFind(entity, out LabelSelector? selector))
        {
            return selector is null ? new AnyPeer(path, line) : new LabelPeer(path, line, selector);
        }

        string hint = Spelling.Nearest(entity, Entities.Names) is { } meant ? $"did you mean '{meant}'?" : $"one of {string.Join(", ", Entities.Names)}";
        text.Report(value, path, $"is the unknown entity '{FieldReader.Shown(entity)}' ({hint})");
        return null;
    }

    private ServicePeer? ReadService(YamlValue value, string path)
    {
        FieldReader service = text.Open(value, path, FieldNames.ToService);
        if (service.IsBroken)
        {
            return null;
        }

        FieldReader? byName = text.Section(service, "k8sService", FieldNames.ServiceByName);
        FieldReader? byLabels = text.Section(service, "k8sServiceSelector", FieldNames.ServiceByLabels);
        if (byName is null == byLabels is null)
        {
            text.Report(value, path, "must have one of k8sService and k8sServiceSelector");
            return null;
        }

        string? space = (byName ?? byLabels)!.Text("namespace", required: false);
        if (byName is not null)
        {
            string? serviceName = byName.Text("serviceName");
            space ??= name.Namespace.Length > 0 ? name.Namespace : null;
            if (space is null)
            {
                text.Report(byName.Line, $"'{byName.PathOf("namespace")}' is missing, which only a policy of a namespace may do without");
            }

            return serviceName is null || space is null ? null : new ServicePeer(path, text.LineOf(value), space, serviceName, null);
        }

        List<LabelRequirement>? selector = _selectors.ReadCilium(byLabels!, "selector");
        if (selector is null)
        {
            text.Report(byLabels!.Line, $"'{byLabels.PathOf("selector")}' is missing");
        }

        return selector is null ? null : new ServicePeer(path, text.LineOf(value), space, null, new LabelSelector(selector));
    }
}
