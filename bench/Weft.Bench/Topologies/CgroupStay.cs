using Weft.Linux.Cgroups;

namespace Weft.Bench.Topologies;

/// <summary>This process inside a cgroup, until Dispose moves it back: the sockets it makes meanwhile are that cgroup's.</summary>
internal readonly struct CgroupStay : IDisposable
{
    private readonly ControlGroup? _home;

    /// <param name="group">Null: it stays where it is.</param>
    public CgroupStay(ControlGroup? group)
    {
        if (group is not null)
        {
            _home = Home();
            group.Add(Environment.ProcessId);
        }
    }

    public void Dispose() => _home?.Add(Environment.ProcessId);

    private static ControlGroup Home()
    {
        ControlGroup root = ControlGroup.FindRoot()
            ?? throw new InvalidOperationException("move the bench into a node's cgroup: there is no cgroup v2 hierarchy that can be written to");
        // The v2 hierarchy's line, "0::/path"; a path that leaves what this process may see begins with "/..".
        string path = File.ReadLines("/proc/self/cgroup").First(line => line.StartsWith("0::", StringComparison.Ordinal))[3..];
        return path is "/" || path.StartsWith("/..", StringComparison.Ordinal) ? root : root.Child(path.TrimStart('/'));
    }
}
