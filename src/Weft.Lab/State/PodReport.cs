using System.Collections.Immutable;

namespace Weft.Lab.State;

/// <summary>A pod of a lab, as the topology and its node's agent see it.</summary>
/// <param name="Address">Null: it has none, as it is not attached.</param>
/// <param name="Address6">Null: as the address, or its node gives none.</param>
/// <param name="State">State of its endpoint, or "missing".</param>
public sealed record PodReport(
    string Name, string? Address, string? Address6, long? Endpoint, long? Identity, string State, ImmutableArray<string> Labels, string Netns);
