using System.Collections.Immutable;
using Weft.Model.Nodes;

namespace Weft.Control.Health;

/// <summary>The ways to a node: to its own addresses, and through its datapath to its health endpoint.</summary>
public sealed record NodeHealth(NodeName Name)
{
    public required ImmutableArray<PathHealth> Host { get; init; }

    /// <summary>Empty where the node has no health endpoint.</summary>
    public required ImmutableArray<PathHealth> Endpoint { get; init; }
}
