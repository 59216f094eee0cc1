using Weft.Linux.Cgroups;
using Weft.Linux.Mounts;
using Weft.Linux.Processes;

namespace Weft.Lab.Nodes;

/// <summary>
/// The cgroups of a node as container runtimes need them: a group of its own in every hierarchy, of v1 and of v2, which programs on
/// the node see as the root of the hierarchy, in the file system as in /proc.
/// </summary>
/// <remarks>
/// The cgroup namespace is made by a process that is in all of the groups at that moment, and bound to a file. Groups of v2 that
/// give controllers to others may hold no process (cgroups(7)), hence the one for programs below the node's.
/// </remarks>
internal sealed class MachineCgroups
{
    /// <summary>Where programs of the node are if the node's own group may hold none.</summary>
    public const string Programs = "programs";

    private const string Shell = "/bin/sh";
    private const string ProcessesFile = "cgroup.procs";

    /// <summary>Where v2 is all there is.</summary>
    private const string UsualPlace = "/sys/fs/cgroup";

    /// <summary>Files of groups to move to, then a dash, then a program.</summary>
    private const string MoveScript = "while [ \"$1\" != - ]; do echo 0 >\"$1\" || exit 126; shift; done; shift; exec \"$@\"";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private readonly string _lab;
    private readonly string _node;
    private readonly string _namespaceFile;
    private readonly IReadOnlyList<string> _v1 = MountTable.WritableOfType("cgroup");
    private readonly string? _v2 = ControlGroup.FindRoot()?.Path;

    /// <param name="namespaceFile">In a directory whose mounts all programs on the node share.</param>
    public MachineCgroups(string lab, string node, string namespaceFile)
    {
        _lab = lab;
        _node = node;
        _namespaceFile = namespaceFile;
    }

    private IReadOnlyList<string> Hierarchies => _v2 is null ? _v1 : [.. _v1, _v2];

    private bool GivesControllers => _v2 == UsualPlace;

    public void Create()
    {
        foreach (string hierarchy in Hierarchies)
        {
            MakeGroups(hierarchy);
        }

        File.WriteAllBytes(_namespaceFile, []);
        ProgramStart unshare = new(
            ProgramFinder.Find("unshare") ?? throw new LabException($"make cgroups of node {_node}: no program 'unshare' (package util-linux)"),
            [$"--cgroup={_namespaceFile}", "/bin/true"]);
        string log = _namespaceFile + ".log";
        using ProcessHandle made = ProcessSpawner.SpawnDaemon(Move(unshare, Hierarchies.Select(GroupIn)), log);
        if (!made.WaitForExit(s_limit) || made.TakeExitCode() != 0)
        {
            throw new LabException($"make a cgroup namespace of node {_node}: {File.ReadAllText(log).Trim()}");
        }

        if (GivesControllers)
        {
            GiveControllers();
        }
    }

    /// <summary>Makes the calling thread, which has a mount namespace of its own, see the node's groups as the roots.</summary>
    public void Enter()
    {
        CgroupNamespace.Enter(_namespaceFile);
        foreach (string hierarchy in Hierarchies)
        {
            MountTable.Bind(GroupIn(hierarchy), hierarchy);
        }
    }

    /// <summary>The program, to be started in the node's groups by a thread that has entered.</summary>
    public ProgramStart Start(ProgramStart start) =>
        Move(start, Hierarchies.Select(hierarchy => GivesControllers ? Path.Combine(hierarchy, Programs) : hierarchy));

    /// <summary>Removes all groups of a lab in hierarchies of v1; those of v2 are not this class's. Nothing may run in them any more.</summary>
    public static void RemoveV1(string lab)
    {
        foreach (string labs in MountTable.WritableOfType("cgroup").Select(hierarchy => Path.Combine(hierarchy, LabCgroups.Labs)))
        {
            string group = Path.Combine(labs, lab);
            if (Directory.Exists(group))
            {
                RemoveTree(group);
                LabCgroups.RemoveEmpty(labs);
            }
        }
    }

    private static ProgramStart Move(ProgramStart start, IEnumerable<string> groups) =>
        new(Shell, ["-c", MoveScript, Shell, .. groups.Select(group => Path.Combine(group, ProcessesFile)), "-", start.Path, .. start.Arguments])
        {
            Environment = start.Environment,
        };

    private string GroupIn(string hierarchy) => Path.Combine(hierarchy, LabCgroups.Labs, _lab, _node);

    private void MakeGroups(string hierarchy)
    {
        string group = hierarchy;
        foreach (string name in new[] { LabCgroups.Labs, _lab, _node })
        {
            string child = Path.Combine(group, name);
            Directory.CreateDirectory(child);
            FillCpuset(group, child);
            group = child;
        }
    }

    /// <summary>A new cpuset of v1 takes no process before it has these (cpuset(7)).</summary>
    private static void FillCpuset(string parent, string child)
    {
        foreach (string file in new[] { "cpuset.cpus", "cpuset.mems" })
        {
            string path = Path.Combine(child, file);
            if (File.Exists(path) && string.IsNullOrWhiteSpace(File.ReadAllText(path)))
            {
                File.WriteAllText(path, File.ReadAllText(Path.Combine(parent, file)));
            }
        }
    }

    private void GiveControllers()
    {
        Directory.CreateDirectory(Path.Combine(GroupIn(_v2!), Programs));
        string group = _v2!;
        foreach (string name in new[] { LabCgroups.Labs, _lab, _node, "" })
        {
            IEnumerable<string> controllers = File.ReadAllText(Path.Combine(group, "cgroup.controllers")).Split().Where(word => word.Length > 0);
            File.WriteAllText(Path.Combine(group, "cgroup.subtree_control"), string.Join(' ', controllers.Select(controller => $"+{controller}")));
            group = Path.Combine(group, name);
        }
    }

    private static void RemoveTree(string group)
    {
        foreach (string child in Directory.EnumerateDirectories(group))
        {
            RemoveTree(child);
        }

        Directory.Delete(group); // not recursive: the kernel's files in it go with it
    }
}
