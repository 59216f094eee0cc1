using System.Collections.Immutable;

namespace Weft.Lab.State;

/// <summary>A node of a lab and what its agent says.</summary>
/// <param name="AgentPid">Null: its agent does not run.</param>
/// <param name="Problem">Why the agent could not be asked; null if it answered.</param>
public sealed record NodeReport(
    string Name, string Address, string? Address6, string PodCidr, string? PodCidr6,
    int? AgentPid, string? Problem, string Netns, string Socket, string Log,
    ImmutableArray<PodReport> Pods);
