using Weft.Linux.Mounts;
using Weft.Linux.Processes;
using Weft.Tests.Shared;

namespace Weft.Linux.Tests.Mounts;

public sealed class MountTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("weft-linux-mounts-");

    public void Dispose()
    {
        foreach (string target in MountTable.Below(_directory.FullName))
        {
            MountTable.Unmount(target);
        }

        _directory.Delete(recursive: true);
    }

    [Fact]
    public void Mounts_are_found_by_the_type_of_their_file_system()
    {
        Assert.Contains("/proc", MountTable.WritableOfType("proc"));
        Assert.Empty(MountTable.WritableOfType("no-such-type"));
    }

    [KernelFact]
    public void A_file_system_is_found_by_its_type()
    {
        Assert.Equal("/proc", MountTable.FindWhole("proc"));
        Assert.Null(MountTable.FindWhole("nosuchfs"));
    }

    [KernelFact]
    public void A_private_mount_is_seen_inside_only()
    {
        string file = Path.Combine(_directory.CreateSubdirectory("source").FullName, "there");
        string target = _directory.CreateSubdirectory("target").FullName;
        File.WriteAllText(file, "");
        using NetworkNamespace network = NetworkNamespace.CreateAnonymous();

        (bool seen, ulong inode) = MountNamespace.RunPrivate(network, () =>
        {
            MountTable.Bind(Path.GetDirectoryName(file)!, target);
            using NetworkNamespace current = NetworkNamespace.OpenCurrent();
            return (File.Exists(Path.Combine(target, "there")), current.Inode);
        });

        Assert.True(seen);
        Assert.Equal(network.Inode, inode);
        Assert.False(File.Exists(Path.Combine(target, "there")));
    }

    [KernelFact]
    public void A_program_started_inside_sees_the_private_mount()
    {
        string source = _directory.CreateSubdirectory("source").FullName;
        string target = _directory.CreateSubdirectory("target").FullName;
        string log = Path.Combine(_directory.FullName, "log");
        File.WriteAllText(Path.Combine(source, "text"), "inside");
        using NetworkNamespace network = NetworkNamespace.OpenCurrent();

        using ProcessHandle cat = MountNamespace.RunPrivate(network, () =>
        {
            MountTable.Bind(source, target);
            return ProcessSpawner.SpawnDaemon(new ProgramStart("/bin/cat", [Path.Combine(target, "text")]), log);
        });

        Assert.True(cat.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.Equal("inside", File.ReadAllText(log));
    }

    [KernelFact]
    public void A_namespace_bound_later_is_seen_inside_a_program_that_runs_already()
    {
        using TestNamespace early = TestNamespace.Create("early");
        string log = Path.Combine(_directory.FullName, "log");
        string fifo = Path.Combine(_directory.FullName, "go");
        Tool.Run("mkfifo", [fifo]);
        using ProcessHandle reader = MountNamespace.RunPrivate(early.Handle, () =>
            ProcessSpawner.SpawnDaemon(new ProgramStart("/bin/sh", ["-c", $"read name <{fifo}; stat -f -c %T /run/netns/$name"]), log));

        using TestNamespace late = TestNamespace.Create("late");
        File.WriteAllText(fifo, late.Name + "\n");

        Assert.True(reader.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.Equal("nsfs", File.ReadAllText(log).Trim());
    }

    [KernelFact]
    public void Mounts_are_listed_in_the_order_in_which_they_come_off()
    {
        string outer = _directory.CreateSubdirectory(@"with blank and \040").FullName;
        MountTable.MountBpf(outer);
        string inner = Path.Combine(outer, "inner");
        Directory.CreateDirectory(inner);
        MountTable.Bind("/proc/self", inner);

        Assert.Equal([inner, outer], MountTable.Below(_directory.FullName));
        Assert.True(MountTable.IsMountPoint(outer));
        Assert.True(MountTable.Unmount(inner));
        Assert.False(MountTable.Unmount(inner));
    }
}
