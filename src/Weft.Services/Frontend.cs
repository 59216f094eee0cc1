using System.Collections.Immutable;
using System.Net;
using Weft.Model.Services;

namespace Weft.Services;

/// <summary>What is called, and which backends may answer on this node.</summary>
/// <remarks>
/// Everything that decides about a backend is applied: family, readiness, termination, traffic policies. Lists are in the
/// backends' order without duplicates, so that equal input gives equal frontends whatever order it came in.
/// </remarks>
public sealed record Frontend
{
    public required FrontendKey Key { get; init; }

    public required FrontendKind Kind { get; init; }

    public required ServicePortName Owner { get; init; }

    /// <summary>How long an idle client keeps its backend; null: no affinity.</summary>
    public int? AffinitySeconds { get; init; }

    public BackendAlgorithm Algorithm { get; init; }

    public ForwardingMode ForwardingMode { get; init; }

    /// <summary>Only clients from outside with such a source may connect; null: all. Empty: none (all ranges are of the other family).</summary>
    public ImmutableArray<IPNetwork>? SourceRanges { get; init; }

    /// <summary>For pods and the node's own processes.</summary>
    public required ImmutableArray<Backend> Internal { get; init; }

    /// <summary>For what comes from outside the cluster.</summary>
    public required ImmutableArray<Backend> External { get; init; }

    /// <summary>In neither list, but there: connections that they have go on.</summary>
    public required ImmutableArray<Backend> Retained { get; init; }

    public IEnumerable<Backend> AllBackends => Internal.Union(External).Concat(Retained);

    public bool Equals(Frontend? other) => other is not null
        && Key == other.Key && Kind == other.Kind && Owner == other.Owner && AffinitySeconds == other.AffinitySeconds
        && Algorithm == other.Algorithm && ForwardingMode == other.ForwardingMode
        && SourceRanges.HasValue == other.SourceRanges.HasValue
        && (SourceRanges is not { } ranges || ranges.SequenceEqual(other.SourceRanges!.Value))
        && Internal.SequenceEqual(other.Internal) && External.SequenceEqual(other.External) && Retained.SequenceEqual(other.Retained);

    public override int GetHashCode() => HashCode.Combine(Key, Kind, Owner, Internal.Length, External.Length);
}
