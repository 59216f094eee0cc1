using Weft.Linux.Cgroups;

namespace Weft.Bench.Topologies;

/// <summary>A way that traffic takes, as one line of a comparison.</summary>
/// <param name="Name">What the tables call it.</param>
internal sealed record TrafficPath(string Name, PodPair Pods)
{
    /// <summary>The node's cgroup, if the client is to be in it, as what runs in its pods; null: its sockets are seen by no program.</summary>
    public ControlGroup? Cgroup { get; init; }
}
