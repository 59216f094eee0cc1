using System.Globalization;

namespace Weft.Store;

/// <summary>Position in the store's order of changes: etcd's revision, Kubernetes' resourceVersion. Only order has a meaning.</summary>
public readonly record struct Revision(long Value) : IComparable<Revision>
{
    /// <summary>Before the first change.</summary>
    public static readonly Revision Zero;

    public int CompareTo(Revision other) => Value.CompareTo(other.Value);

    public static bool operator <(Revision left, Revision right) => left.Value < right.Value;
    public static bool operator >(Revision left, Revision right) => left.Value > right.Value;
    public static bool operator <=(Revision left, Revision right) => left.Value <= right.Value;
    public static bool operator >=(Revision left, Revision right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
