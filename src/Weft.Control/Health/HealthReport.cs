using System.Collections.Immutable;

namespace Weft.Control.Health;

/// <summary>How this node reaches the nodes of the cluster, as its probes found it so far.</summary>
public sealed record HealthReport
{
    /// <summary>When the last round of probes began; null: none has yet. Results of an earlier round have an earlier time.</summary>
    public required DateTimeOffset? Time { get; init; }

    /// <summary>From the end of a round to the next.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>This node first.</summary>
    public required ImmutableArray<NodeHealth> Nodes { get; init; }
}
