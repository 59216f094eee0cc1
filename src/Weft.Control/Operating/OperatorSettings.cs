using System.Collections.Immutable;
using Weft.Model.Nodes;

namespace Weft.Control.Operating;

/// <summary>What an operator is told. All operators of a cluster are to be told the same.</summary>
public sealed record OperatorSettings
{
    public const string DefaultPools = "10.0.0.0/8,fd00:10::/48";
    public const int DefaultMask = 24;

    public required ClusterName Cluster { get; init; }

    /// <summary>As the others see it in the store.</summary>
    public required string Name { get; init; }

    /// <summary>At most one a family.</summary>
    public required ImmutableArray<PodCidrPool> Pools { get; init; }

    /// <summary>From one look at all identities to the next.</summary>
    public TimeSpan CollectEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an identity stays that nobody uses. Longer than a node that cannot reach the store is likely to be away.</summary>
    public TimeSpan UnusedFor { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How soon another operator takes over from one that died.</summary>
    public TimeSpan LeaseTimeToLive { get; init; } = LeaderElection.DefaultTimeToLive;
}
