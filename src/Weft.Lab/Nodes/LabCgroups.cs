using Weft.Linux.Cgroups;
using Weft.Linux.Processes;

namespace Weft.Lab.Nodes;

/// <summary>
/// The cgroups of a lab, one for every node and outside host: what runs there and in a node's pods is inside, so that a node's socket
/// programs see its sockets and no others. There are none where no cgroup v2 hierarchy can be written to.
/// </summary>
public sealed class LabCgroups
{
    /// <summary>Below the root of the hierarchy; every directory in it is a lab.</summary>
    public const string Labs = "weft-lab";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private readonly ControlGroup? _root = ControlGroup.FindRoot();
    private readonly string _lab;

    public LabCgroups(string lab) => _lab = lab;

    private ControlGroup? Group => _root?.Child(Labs).Child(_lab);

    /// <param name="machine">A node or an outside host.</param>
    /// <returns>Null if there is none.</returns>
    public ControlGroup? Find(string machine) => Group?.Child(machine) is { Exists: true } group ? group : null;

    /// <summary>Whether the machine has what <see cref="Create"/> makes for it on this system.</summary>
    public bool IsWhole(string machine) => _root is null || Find(machine) is not null;

    public void Create(string machine) => Group?.Child(machine).Create();

    /// <summary>The program, to be started inside the machine's cgroup.</summary>
    public ProgramStart Enter(string machine, ProgramStart start) => Find(machine) is { } group
        ? (group.Child(MachineCgroups.Programs) is { Exists: true } programs ? programs : group).Enter(start)
        : start;

    public IReadOnlyList<ProcessIdentity> Processes() =>
        [.. (Group?.Processes() ?? []).Select(ProcessIdentity.Of).OfType<ProcessIdentity>()];

    /// <summary>Removes all of the lab's, whatever machines they are for; what still runs inside is killed, only this process leaves.</summary>
    public void Remove()
    {
        if (Group is not { Exists: true } group)
        {
            return;
        }

        if (group.Processes().Contains(Environment.ProcessId))
        {
            _root!.Add(Environment.ProcessId);
        }

        if (!group.Remove(s_limit))
        {
            throw new LabException($"remove cgroup {group.Path}: processes {string.Join(", ", group.Processes())} still run {s_limit.TotalSeconds} s after they were killed");
        }

        RemoveEmpty(_root!.Child(Labs).Path);
    }

    internal static void RemoveEmpty(string directory)
    {
        try
        {
            Directory.Delete(directory);
        }
        catch (IOException)
        {
            // Not empty: other labs.
        }
    }
}
