using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using Weft.Model.Addressing;
using Weft.Model.Labels;
using Weft.Policy.Documents;
using Weft.Policy.Reading;
using Weft.Policy.Resolution;

namespace Weft.Policy.Explaining;

/// <summary>Writes the document that allows one flow at one of its ends, as a NetworkPolicy if that can say it.</summary>
internal sealed class AllowingDocument(
    PolicyEngine engine, PolicyFlow flow, TrafficDirection direction, IdentityState source, IdentityState destination)
{
    private const string Kubernetes = Label.KubernetesSource;

    private bool IsIngress => direction == TrafficDirection.Ingress;

    private IdentityState Subject => IsIngress ? destination : source;

    private IdentityState Peer => IsIngress ? source : destination;

    public bool TryWrite([NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? fault)
    {
        text = null;
        if (!Protocols.HasPorts(flow.Protocol) && !Protocols.IsIcmp(flow.Protocol))
        {
            fault = $"rules cannot name protocol {flow.Protocol}, only all protocols at once";
            return false;
        }

        if (Protocols.HasPorts(flow.Protocol) && flow.Port == 0)
        {
            fault = "rules cannot name port 0, only all ports at once";
            return false;
        }

        text = WriteKubernetes() ?? WriteCilium();
        fault = text is null ? "the labels that rules can name do not tell its ends from others" : null;
        return text is not null;
    }

    private string? WriteKubernetes()
    {
        if (Protocols.IsIcmp(flow.Protocol) || Subject.Labels.Namespace is not { } space || PodSelector(Subject) is not { } subjects
            || KubernetesPeer(space) is not { } peer)
        {
            return null;
        }

        StringBuilder text = Head("networking.k8s.io/v1", PolicyKind.NetworkPolicy, space);
        text.Append("spec:\n  podSelector:\n").Append(subjects)
            .Append(CultureInfo.InvariantCulture, $"  policyTypes: [{direction}]\n  {Word}:\n  - {(IsIngress ? "from" : "to")}:\n{peer}")
            .Append(CultureInfo.InvariantCulture, $"    ports:\n    - protocol: {Protocols.NameOf(flow.Protocol)}\n      port: {flow.Port}\n");
        return text.ToString();
    }

    private string Word => IsIngress ? "ingress" : "egress";

    private string? KubernetesPeer(string space)
    {
        if (Peer.Labels is { IsWorld: true, Prefix: { } prefix })
        {
            List<IPNetwork> except = Inside(prefix);
            return $"    - ipBlock:\n        cidr: {YamlScalar.Of($"{prefix}")}\n"
                + (except.Count == 0 ? "" : $"        except: [{string.Join(", ", except.Select(part => YamlScalar.Of($"{part}")))}]\n");
        }

        if (Peer.Labels.Namespace is not { } peerSpace || PodSelector(Peer) is not { } pods)
        {
            return null;
        }

        string where = peerSpace == space ? ""
            : $"      namespaceSelector:\n        matchLabels:\n          {PolicyNamespace.NameLabel}: {YamlScalar.Of(peerSpace)}\n";
        return $"    - {$"{where}      podSelector:\n{pods.Replace("    ", "        ", StringComparison.Ordinal)}".TrimStart()}";
    }

    /// <summary>Lines of a selector among the pods of the same namespace, by labels of Kubernetes.</summary>
    private string? PodSelector(IdentityState pod)
    {
        IReadOnlyList<LabelRequirement>? found = LabelSingling.Find(
            pod.Labels, Others(pod).Where(other => other.Namespace == pod.Labels.Namespace),
            label => label.Source == Kubernetes && SelectorReader.IsKey(label.Key) && IsOwn(label));
        return found is null ? null : Selector(found, requirement => requirement.Key, "    ");
    }

    private string? WriteCilium()
    {
        string? space = Subject.Labels.IsHost ? null : Subject.Labels.Namespace;
        IEnumerable<LabelRequirement>? subjects = Subject.Labels.IsHost
            ? Subject.Labels.All.Where(label => label.Source == Kubernetes)
                .Select(label => LabelRequirement.Equal(label.Source, label.Key, label.Value))
            : LabelSingling.Find(Subject.Labels, Others(Subject).Where(other => space is null || other.Namespace == space), IsOwn);
        if (subjects is null || CiliumPeer(space) is not { } peer)
        {
            return null;
        }

        StringBuilder text = Head("cilium.io/v2", space is null ? PolicyKind.CiliumClusterwideNetworkPolicy : PolicyKind.CiliumNetworkPolicy, space);
        text.Append(CultureInfo.InvariantCulture, $"spec:\n  {(Subject.Labels.IsHost ? "nodeSelector" : "endpointSelector")}:\n")
            .Append(Selector([.. subjects], KeyOf, "    "))
            .Append(CultureInfo.InvariantCulture, $"  {Word}:\n  - {peer.TrimStart()}");
        if (Protocols.IsIcmp(flow.Protocol))
        {
            string family = flow.Protocol == Protocols.Icmpv6 ? "IPv6" : "IPv4";
            text.Append(CultureInfo.InvariantCulture, $"    icmps:\n    - fields:\n      - family: {family}\n        type: {flow.Port}\n");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"    toPorts:\n    - ports:\n      - port: \"{flow.Port}\"\n")
                .Append(CultureInfo.InvariantCulture, $"        protocol: {Protocols.NameOf(flow.Protocol)}\n");
        }

        return text.ToString();
    }

    private string? CiliumPeer(string? space)
    {
        string word = IsIngress ? "from" : "to";
        if (Peer.Labels is { IsWorld: true, Prefix: { } prefix })
        {
            List<IPNetwork> except = Inside(prefix);
            return $"    {word}CIDRSet:\n    - cidr: {YamlScalar.Of($"{prefix}")}\n"
                + (except.Count == 0 ? "" : $"      except: [{string.Join(", ", except.Select(part => YamlScalar.Of($"{part}")))}]\n");
        }

        List<LabelRequirement> conditions = [];
        if (Peer.Labels.Namespace is { } peerSpace)
        {
            if (LabelSingling.Find(Peer.Labels, Others(Peer).Where(other => other.Namespace == peerSpace), IsOwn) is not { } found)
            {
                return null;
            }

            conditions.AddRange(found);
            if (peerSpace != space)
            {
                conditions.Add(LabelRequirement.Equal(Kubernetes, LabelRequirement.NamespaceKey, peerSpace));
            }
        }
        else
        {
            if (LabelSingling.Find(Peer.Labels, Others(Peer), IsOwn) is not { } found)
            {
                return null;
            }

            conditions.AddRange(found);
            if (found.All(condition => condition.Source != Label.ReservedSource))
            {
                // A selector that speaks of reserved labels is not narrowed to a namespace, in which this peer is not.
                conditions.Add(LabelRequirement.Absent(Label.ReservedSource, "host"));
            }
        }

        return $"    {word}Endpoints:\n    - {Selector(conditions, KeyOf, "      ").TrimStart()}";
    }

    /// <summary>Prefixes in use inside another one: their addresses have other identities.</summary>
    private List<IPNetwork> Inside(IPNetwork prefix) =>
        [.. engine.States.Select(state => state.Labels.Prefix).OfType<IPNetwork>()
            .Where(other => prefix.Covers(other) && other.PrefixLength > prefix.PrefixLength).Distinct().Order(PrefixOrder.Instance)];

    private IEnumerable<WorkloadLabels> Others(IdentityState than) => engine.States.Where(state => state != than).Select(state => state.Labels);

    /// <summary>Labels that selectors may speak of, but those of the namespace, which has its own place.</summary>
    private static bool IsOwn((string Source, string Key, string Value) label) =>
        SelectorReader.IsValue(label.Value) && label.Key != LabelRequirement.NamespaceKey
        && !label.Key.StartsWith(LabelRequirement.NamespaceLabelsPrefix, StringComparison.Ordinal);

    private static string KeyOf(LabelRequirement requirement) => $"{requirement.Source}:{requirement.Key}";

    /// <summary>Lines of `matchLabels` and `matchExpressions`.</summary>
    private static string Selector(IReadOnlyList<LabelRequirement> requirements, Func<LabelRequirement, string> keyOf, string indent)
    {
        StringBuilder text = new();
        List<LabelRequirement> labels = [.. requirements.Where(requirement => requirement.Operator == SelectorOperator.In)];
        List<LabelRequirement> absent = [.. requirements.Where(requirement => requirement.Operator == SelectorOperator.DoesNotExist)];
        if (labels.Count > 0 || absent.Count == 0)
        {
            text.Append(indent).Append(labels.Count == 0 ? "matchLabels: {}\n" : "matchLabels:\n");
            labels.ForEach(label => text.Append(indent)
                .Append(CultureInfo.InvariantCulture, $"  {YamlScalar.Of(keyOf(label))}: {YamlScalar.Of(label.Values[0])}\n"));
        }

        if (absent.Count > 0)
        {
            text.Append(indent).Append("matchExpressions:\n");
            absent.ForEach(label => text.Append(indent)
                .Append(CultureInfo.InvariantCulture, $"- key: {YamlScalar.Of(keyOf(label))}\n{indent}  operator: DoesNotExist\n"));
        }

        return text.ToString();
    }

    private StringBuilder Head(string version, PolicyKind kind, string? space)
    {
        string wanted = $"allow-{NameOf(source)}-to-{NameOf(destination)}-{flow.Port}-{Protocols.NameOf(flow.Protocol).ToLowerInvariant()}-{Word}";
        string name = wanted;
        for (int i = 2; engine.Holds(new PolicyName(kind, space ?? "", name)); i++)
        {
            name = $"{wanted}-{i}";
        }

        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: {name}\n");
        return space is null ? text : text.Append(CultureInfo.InvariantCulture, $"  namespace: {YamlScalar.Of(space)}\n");
    }

    /// <summary>A short word for a workload that is fit for a name.</summary>
    private static string NameOf(IdentityState state)
    {
        string? word = state.Labels.All
            .Where(label => label is { Key: "app" or "app.kubernetes.io/name" or "k8s-app" or "name", Value.Length: > 0 }).Select(label => label.Value)
            .Concat(state.Labels.All.Where(label => label.Source == Label.ReservedSource).Select(label => label.Key)).FirstOrDefault();
        string cleaned = string.Concat((word ?? "").ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c == '-')).Trim('-');
        return cleaned.Length is 0 or > 40 ? state.Identity.Value.ToString(CultureInfo.InvariantCulture) : cleaned;
    }
}
