using Weft.Lab.Nodes;
using Weft.Lab.Programs;
using Weft.Linux;
using Weft.Linux.Mounts;
using Weft.Tests.Shared;

namespace Weft.Lab.Tests;

/// <summary>What a node has for container runtimes, without any.</summary>
public sealed class MachineTests
{
    private const string Node = "east";

    [KernelFact]
    public void A_node_changes_its_own_directories_and_not_this_machines()
    {
        using BareLab lab = new BareLab().Build(machine: true);
        string[] files = ["/etc/weft-machine-test", "/opt/weft-machine-test", "/var/lib/weft-machine-test", "/run/weft-machine-test", "/var/lib/containerd/weft-machine-test"];

        On(lab, () => Array.ForEach(files, file => File.WriteAllText(file, "here")));

        Assert.All(files, file => Assert.False(File.Exists(file)));
        Assert.All(files, file => Assert.Equal("here", File.ReadAllText(new NodeMachine(lab.Paths, Node).OnHost(file))));
        On(lab, () =>
        {
            Assert.All(files, file => Assert.True(File.Exists(file)));
            Assert.True(File.Exists("/etc/passwd"));
        });
    }

    [KernelFact]
    public void What_one_program_mounts_others_see_that_run_already_or_come_later()
    {
        using BareLab lab = new BareLab().Build(machine: true);
        NodeMachine machine = new(lab.Paths, Node);
        using System.Diagnostics.Process waits = LabMember.Find(lab.Name, Node).Start(["sh", "-c", "read line; exec cat /run/mounted/file"]);

        On(lab, () =>
        {
            Directory.CreateDirectory("/run/mounted");
            MountTable.MountSharedMemory("/run/mounted");
            File.WriteAllText("/run/mounted/file", "seen");
        });
        waits.StandardInput.WriteLine("go");

        Assert.Equal("seen", waits.StandardOutput.ReadToEnd());
        waits.WaitForExit();
        Assert.Equal("seen", File.ReadAllText(machine.OnHost("/run/mounted/file")));
        On(lab, () => Assert.Equal("seen", File.ReadAllText("/run/mounted/file")));
    }

    [KernelFact]
    public void Programs_see_their_nodes_cgroups_as_the_roots_of_all_hierarchies()
    {
        using BareLab lab = new BareLab().Build(machine: true);

        string groups = lab.Output(Node, "cat", "/proc/self/cgroup").Text;

        Assert.All(groups.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(":(/|/programs)$", line));
        On(lab, () => Directory.CreateDirectory($"{Weft.Linux.Cgroups.ControlGroup.FindRoot()!.Path}/made-on-the-node"));
        Assert.True(Directory.Exists(lab.CgroupOf($"{Node}/made-on-the-node")));
    }

    [KernelFact]
    public void Nothing_is_left_of_it()
    {
        BareLab lab = new BareLab().Build(machine: true);
        On(lab, () => Directory.CreateDirectory($"{Weft.Linux.Cgroups.ControlGroup.FindRoot()!.Path}/made-on-the-node"));

        lab.Dispose();

        Assert.Empty(lab.Traces());
        Assert.All(MountTable.WritableOfType("cgroup"), hierarchy => Assert.False(Directory.Exists($"{hierarchy}/{LabCgroups.Labs}/{lab.Name}")));
    }

    [KernelFact]
    public void A_namespace_of_the_lab_is_known_on_its_node()
    {
        using BareLab lab = new BareLab().Build(machine: true);
        NodeMachine machine = new(lab.Paths, Node);
        string name = LabMember.Find(lab.Name, "web").Netns;

        machine.ShowNamespace(name);
        ulong inode = LabMember.Find(lab.Name, Node).Run(() =>
        {
            using NetworkNamespace network = NetworkNamespace.Open(name);
            return network.Inode;
        });
        machine.HideNamespace(name);

        using NetworkNamespace own = NetworkNamespace.Open(name);
        Assert.Equal(own.Inode, inode);
        Assert.False(LabMember.Find(lab.Name, Node).Run(() => File.Exists($"{NetworkNamespace.Directory}/{name}")));
    }

    private static void On(BareLab lab, Action body) => LabMember.Find(lab.Name, Node).Run(() =>
    {
        body();
        return true;
    });
}
