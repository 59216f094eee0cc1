using Weft.Lab.Nodes;
using Weft.Linux.Cgroups;
using Weft.Tests.Shared;

namespace Weft.Lab.Tests;

/// <summary>Where no cgroup v2 hierarchy can be written to, labs have no cgroups.</summary>
public sealed class CgroupTests
{
    [KernelTheory]
    [InlineData("east", "east")]
    [InlineData("web", "east")]
    [InlineData("west", "west")]
    [InlineData("client", "client")]
    public void A_program_is_in_the_cgroup_of_its_machine(string member, string machine)
    {
        using BareLab lab = Built();

        string cgroups = lab.Output(member, "cat", "/proc/self/cgroup").Text;

        string root = ControlGroup.FindRoot()!.Path;
        Assert.Contains($"0::{lab.CgroupOf(machine)[root.Length..]}\n", cgroups, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_node_sees_its_cgroup_at_the_path_that_its_agent_is_told()
    {
        using BareLab lab = Built();
        string path = new LabCgroups(lab.Name).Find("east")!.Path;

        (string processes, int pid) = lab.Output("east", "cat", Path.Combine(path, "cgroup.procs"));

        Assert.Contains($"{pid}", processes.Split('\n'));
    }

    [KernelFact]
    public void A_lab_without_the_cgroup_of_a_node_is_not_whole()
    {
        using BareLab lab = Built();
        NodeSandbox node = new(lab.Paths, "west");
        Assert.True(node.Exists);

        Directory.Delete(lab.CgroupOf("west"));

        Assert.False(node.Exists);
    }

    /// <summary>As one that was built by a version that made none.</summary>
    [KernelFact]
    public void Programs_run_without_a_cgroup_where_there_is_none()
    {
        using BareLab lab = Built();
        Directory.Delete(lab.CgroupOf("east"));

        Assert.Equal("ran\n", lab.Output("web", "echo", "ran").Text);
    }

    private static BareLab Built()
    {
        Assert.SkipWhen(ControlGroup.FindRoot() is null, "no cgroup v2 hierarchy can be written to");
        return new BareLab(BareLab.Whole).Build();
    }
}
