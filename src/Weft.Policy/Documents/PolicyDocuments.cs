using System.Collections.Immutable;

namespace Weft.Policy.Documents;

/// <summary>What one text held.</summary>
public sealed record PolicyDocuments(ImmutableArray<PolicyDocument> Policies, ImmutableArray<PolicyNamespace> Namespaces);
