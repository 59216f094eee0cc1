using System.Collections.Immutable;
using Weft.Abi;
using Weft.Services;

namespace Weft.Control.Services;

/// <summary>A frontend as the datapath has it: its backends by their numbers.</summary>
/// <param name="Id">Unique among the node's frontends, never 0.</param>
/// <param name="AffinitySeconds">0: no affinity.</param>
public sealed record FrontendEntry(
    FrontendKey Key, uint Id, ServiceFlags Flags, uint AffinitySeconds, ImmutableArray<uint> Internal, ImmutableArray<uint> External)
{
    /// <summary>Backends in one of the lists.</summary>
    public ImmutableArray<uint> Listed => [.. Internal.Union(External)];

    public bool Equals(FrontendEntry? other) => other is not null
        && Key == other.Key && Id == other.Id && Flags == other.Flags && AffinitySeconds == other.AffinitySeconds
        && Internal.SequenceEqual(other.Internal) && External.SequenceEqual(other.External);

    public override int GetHashCode() => HashCode.Combine(Key, Id, Flags);
}
