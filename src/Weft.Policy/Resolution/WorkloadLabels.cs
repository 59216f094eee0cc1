using System.Collections.Immutable;
using System.Net;
using Weft.Model.Labels;
using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>The labels that selectors see: an identity's own, and those of its namespace.</summary>
internal sealed class WorkloadLabels
{
    private const string Kubernetes = Label.KubernetesSource;

    private WorkloadLabels(ImmutableArray<(string Source, string Key, string Value)> all, IPNetwork? prefix)
    {
        All = all;
        Prefix = prefix;
        Namespace = all.FirstOrDefault(label => label is { Source: Kubernetes, Key: LabelRequirement.NamespaceKey }).Value;
        IsHost = HasReserved("host");
        IsNode = IsHost || HasReserved("remote-node");
        IsWorld = HasReserved("world");
        IsEndpoint = IsHost || !(IsWorld || IsNode || HasReserved("kube-apiserver") || HasReserved("unmanaged"));
    }

    public ImmutableArray<(string Source, string Key, string Value)> All { get; }

    /// <summary>Of a CIDR identity.</summary>
    public IPNetwork? Prefix { get; }

    /// <summary>Null: no pod of Kubernetes.</summary>
    public string? Namespace { get; }

    public bool IsHost { get; }

    public bool IsNode { get; }

    public bool IsWorld { get; }

    /// <summary>May have a table: the host, pods, and what else a node makes endpoints for.</summary>
    public bool IsEndpoint { get; }

    /// <param name="namespaces">Labels by namespace; one that is not there has its name only.</param>
    public static WorkloadLabels Of(LabelSet labels, IReadOnlyDictionary<string, PolicyNamespace> namespaces)
    {
        var all = ImmutableArray.CreateBuilder<(string, string, string)>(labels.Count + 2);
        foreach (Label label in labels)
        {
            // What a pod claims of its namespace is not believed: only the namespace itself has these labels.
            if (label.Source != Kubernetes || !label.Key.StartsWith(LabelRequirement.NamespaceLabelsPrefix, StringComparison.Ordinal))
            {
                all.Add((label.Source, label.Key, label.Value));
            }
        }

        if (labels.Find(Kubernetes, LabelRequirement.NamespaceKey) is { } space)
        {
            all.Add((Kubernetes, LabelRequirement.NamespaceLabelsPrefix + PolicyNamespace.NameLabel, space));
            foreach ((string key, string value) in namespaces.GetValueOrDefault(space)?.Labels ?? ImmutableSortedDictionary<string, string>.Empty)
            {
                if (key != PolicyNamespace.NameLabel)
                {
                    all.Add((Kubernetes, LabelRequirement.NamespaceLabelsPrefix + key, value));
                }
            }
        }

        return new WorkloadLabels(all.ToImmutable(), CidrLabels.LongestOf(labels));
    }

    public static WorkloadLabels OfKubernetes(IEnumerable<KeyValuePair<string, string>> labels) =>
        new([.. labels.Select(label => (Kubernetes, label.Key, label.Value))], null);

    public bool Matches(LabelSelector selector)
    {
        foreach (LabelRequirement requirement in selector.Requirements)
        {
            if (!Matches(requirement))
            {
                return false;
            }
        }

        return true;
    }

    public bool Matches(LabelRequirement requirement)
    {
        bool isThere = false;
        bool hasValue = false;
        foreach ((string source, string key, string value) in All)
        {
            if (key == requirement.Key && (requirement.Source is null || source == requirement.Source))
            {
                isThere = true;
                hasValue |= requirement.Values.Contains(value);
            }
        }

        return requirement.Operator switch
        {
            SelectorOperator.In => hasValue,
            SelectorOperator.NotIn => !hasValue,
            SelectorOperator.Exists => isThere,
            _ => !isThere,
        };
    }

    private bool HasReserved(string key) => All.Any(label => label.Source == Label.ReservedSource && label.Key == key);
}
