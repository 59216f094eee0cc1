using System.Collections.Immutable;
using Weft.Policy.Documents;

namespace Weft.Policy.Explaining;

/// <summary>The rule that would have allowed a flow if the least had been different.</summary>
/// <param name="Differences">One, as a rule; several where no rule is nearer.</param>
public sealed record NearMiss(RuleOrigin Rule, ImmutableArray<FieldDifference> Differences)
{
    public bool Equals(NearMiss? other) => other is not null && Rule == other.Rule && Differences.SequenceEqual(other.Differences);

    public override int GetHashCode() => Rule.GetHashCode();

    public override string ToString() => $"{Rule}: {string.Join("; ", Differences)}";
}
