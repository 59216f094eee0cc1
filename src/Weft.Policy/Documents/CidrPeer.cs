using System.Collections.Immutable;
using System.Net;

namespace Weft.Policy.Documents;

/// <summary>Addresses outside the cluster.</summary>
/// <param name="Except">Parts of the network that are not meant.</param>
public sealed record CidrPeer(string Path, int Line, IPNetwork Network, ImmutableArray<IPNetwork> Except) : PolicyPeer(Path, Line)
{
    public bool Equals(CidrPeer? other) => other is not null && ToString() == other.ToString() && Path == other.Path && Line == other.Line;

    public override int GetHashCode() => string.GetHashCode(ToString(), StringComparison.Ordinal);

    public override string ToString() => Except.IsEmpty ? $"{Network}" : $"{Network} except {string.Join(", ", Except)}";
}
