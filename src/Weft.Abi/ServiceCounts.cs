using System.Runtime.CompilerServices;

namespace Weft.Abi;

/// <summary>A count for each <see cref="ServiceList"/>.</summary>
[InlineArray((int)ServiceList.Lists)]
public struct ServiceCounts : IEquatable<ServiceCounts>
{
    private ushort _first;

    public static bool operator ==(ServiceCounts left, ServiceCounts right) => left.Equals(right);

    public static bool operator !=(ServiceCounts left, ServiceCounts right) => !left.Equals(right);

    public readonly bool Equals(ServiceCounts other) => ((ReadOnlySpan<ushort>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is ServiceCounts other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(this[0], this[1]);
}
