using System.Collections.Immutable;
using Weft.Linux.Processes;

namespace Weft.Lab.State;

/// <summary>What exists of a lab, or may exist: a name enters before the thing is made and leaves after it is gone.</summary>
/// <param name="Agents">By node.</param>
/// <param name="Etcd">Null: none was started.</param>
/// <param name="Runtimes">Daemons of container runtimes, by node.</param>
public sealed record LabState(
    LabPhase Phase,
    ImmutableSortedSet<string> Nodes,
    ImmutableSortedSet<string> Pods,
    ImmutableSortedSet<string> Outside,
    ImmutableSortedDictionary<string, ProcessIdentity> Agents,
    ImmutableSortedDictionary<string, ProcessIdentity> Runtimes,
    ProcessIdentity? Etcd = null)
{
    public static LabState Nothing { get; } = new(
        LabPhase.Unfinished, [], [], [], ImmutableSortedDictionary<string, ProcessIdentity>.Empty, ImmutableSortedDictionary<string, ProcessIdentity>.Empty);
}
