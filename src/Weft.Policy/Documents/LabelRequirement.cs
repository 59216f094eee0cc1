using System.Collections.Immutable;

namespace Weft.Policy.Documents;

/// <summary>One condition on the labels of a workload.</summary>
/// <param name="Source">Of the label (`k8s`, `reserved`, …); null: any.</param>
/// <param name="Values">For In and NotIn, sorted without duplicates; else empty.</param>
public sealed record LabelRequirement(string? Source, string Key, SelectorOperator Operator, ImmutableArray<string> Values)
{
    /// <summary>Labels of a pod's namespace are the pod's, with this before their keys (Cilium's name for them).</summary>
    public const string NamespaceLabelsPrefix = "io.cilium.k8s.namespace.labels.";

    public const string NamespaceKey = "io.kubernetes.pod.namespace";

    public static LabelRequirement Equal(string? source, string key, string value) => new(source, key, SelectorOperator.In, [value]);

    public static LabelRequirement Exists(string? source, string key) => new(source, key, SelectorOperator.Exists, []);

    public static LabelRequirement Absent(string? source, string key) => new(source, key, SelectorOperator.DoesNotExist, []);

    public bool Equals(LabelRequirement? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => string.GetHashCode(ToString(), StringComparison.Ordinal);

    /// <summary>As people write it: `k8s:app=web`, `tier in (a,b)`, `!canary`. Equal requirements have equal texts.</summary>
    public override string ToString()
    {
        string name = Source is null ? Key : $"{Source}:{Key}";
        return Operator switch
        {
            SelectorOperator.In when Values.Length == 1 => $"{name}={Values[0]}",
            SelectorOperator.In => $"{name} in ({string.Join(',', Values)})",
            SelectorOperator.NotIn => $"{name} notin ({string.Join(',', Values)})",
            SelectorOperator.Exists => name,
            _ => $"!{name}",
        };
    }
}
