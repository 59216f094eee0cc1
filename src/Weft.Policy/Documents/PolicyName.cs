namespace Weft.Policy.Documents;

/// <summary>What makes a policy document the same when it is applied again: its kind, namespace and name.</summary>
/// <param name="Namespace">Empty for the kind that has none.</param>
public sealed record PolicyName(PolicyKind Kind, string Namespace, string Name) : IComparable<PolicyName>
{
    public int CompareTo(PolicyName? other)
    {
        if (other is null)
        {
            return 1;
        }

        int order = Kind.CompareTo(other.Kind);
        order = order != 0 ? order : string.CompareOrdinal(Namespace, other.Namespace);
        return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
    }

    public static bool operator <(PolicyName left, PolicyName right) => left.CompareTo(right) < 0;
    public static bool operator >(PolicyName left, PolicyName right) => left.CompareTo(right) > 0;
    public static bool operator <=(PolicyName left, PolicyName right) => left.CompareTo(right) <= 0;
    public static bool operator >=(PolicyName left, PolicyName right) => left.CompareTo(right) >= 0;

    /// <summary>`NetworkPolicy shop/web`.</summary>
    public override string ToString() => Namespace.Length == 0 ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
}
