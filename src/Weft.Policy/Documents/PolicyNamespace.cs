using System.Collections.Immutable;

namespace Weft.Policy.Documents;

/// <summary>A namespace with the labels that namespaceSelectors look at.</summary>
/// <remarks>The label `kubernetes.io/metadata.name`, which Kubernetes gives to every namespace, need not be among them.</remarks>
public sealed record PolicyNamespace(string Name, ImmutableSortedDictionary<string, string> Labels)
{
    public const string NameLabel = "kubernetes.io/metadata.name";

    public bool Equals(PolicyNamespace? other) => other is not null && Name == other.Name && Labels.SequenceEqual(other.Labels);

    public override int GetHashCode() => string.GetHashCode(Name, StringComparison.Ordinal);
}
