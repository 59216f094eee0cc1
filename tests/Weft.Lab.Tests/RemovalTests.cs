using Weft.Lab.Nodes;
using Weft.Lab.Outside;
using Weft.Lab.Programs;
using Weft.Linux;
using Weft.Linux.Cgroups;
using Weft.Linux.Processes;
using Weft.Netlink;
using Weft.Tests.Shared;

namespace Weft.Lab.Tests;

/// <summary>Whatever a build came to, nothing of it is left after a removal.</summary>
public sealed class RemovalTests
{
    [KernelFact]
    public void Removal_leaves_nothing_and_ends_what_runs_inside()
    {
        using BareLab lab = new BareLab(BareLab.Whole).Build();
        string log = Path.Combine(lab.Paths.Root, "log");
        using ProcessHandle onNode = LabMember.Find(lab.Name, "east").Run(() => Sleeper("/dev/null"));
        using ProcessHandle inPod = LabMember.Find(lab.Name, "web").Run(() => Sleeper(log));
        using ProcessHandle outside = LabMember.Find(lab.Name, "client").Run(() => Sleeper(log));

        Assert.True(new LabRemover(lab.Name).Remove());

        Assert.True(onNode.WaitForExit(TimeSpan.Zero));
        Assert.True(inPod.WaitForExit(TimeSpan.Zero));
        Assert.True(outside.WaitForExit(TimeSpan.Zero));
        Assert.Empty(lab.Traces());
        Assert.False(new LabRemover(lab.Name).Remove());
    }

    /// <summary>Such as a container that somebody started there: in its own namespaces, but still in the node's cgroup.</summary>
    [KernelFact]
    public void Removal_ends_what_left_the_namespace_but_not_the_cgroup()
    {
        using BareLab lab = new BareLab(BareLab.Whole).Build();
        Assert.SkipWhen(ControlGroup.FindRoot() is null, "no cgroup v2 hierarchy can be written to");
        ControlGroup below = new(Path.Combine(lab.CgroupOf("east"), "container"));
        below.Create();
        using ProcessHandle elsewhere = ProcessSpawner.SpawnDaemon(below.Enter(new ProgramStart("/bin/sleep", ["600"])), "/dev/null");
        Eventually.Passes(() => Assert.Single(below.Processes()));

        Assert.True(new LabRemover(lab.Name).Remove());

        Assert.True(elsewhere.WaitForExit(TimeSpan.Zero));
        Assert.Empty(lab.Traces());
    }

    [KernelTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Removal_takes_away_what_an_interrupted_build_left(int steps)
    {
        using BareLab lab = new(BareLab.Whole);
        Action[] build =
        [
            () => new LabCgroups(lab.Name).Create("east"),
            () => new NodeSandbox(lab.Paths, "east").Create(),
            () => new NodeSandbox(lab.Paths, "west").Create(),
            // As if killed with the bridge half connected: one of the nodes is not there.
            () => NetworkNamespace.Create(new UnderlayNetwork(lab.Name, lab.Topology).Netns).Dispose(),
            () => OutsideAlone(lab),
        ];
        foreach (Action step in build[..steps])
        {
            step();
        }

        Assert.True(new LabRemover(lab.Name).Remove());

        Assert.Empty(lab.Traces());
    }

    [KernelFact]
    public void Removal_works_from_the_topology_where_no_state_was_written()
    {
        using BareLab lab = new BareLab(BareLab.Whole).Build();
        File.Delete(lab.Paths.StateFile);

        Assert.True(new LabRemover(lab.Name).Remove());

        Assert.Empty(lab.Traces());
    }

    /// <summary>As a build leaves it that was killed between its devices and its routes.</summary>
    private static void OutsideAlone(BareLab lab)
    {
        using NetworkNamespace underlay = NetworkNamespace.Open(new UnderlayNetwork(lab.Name, lab.Topology).Netns);
        using RtNetlink router = RtNetlink.Open(underlay);
        new OutsideHost(lab.Name, lab.Topology.Outside[0]).Create(router, lab.Topology);
    }

    private static ProcessHandle Sleeper(string log) => ProcessSpawner.SpawnDaemon(new ProgramStart("/bin/sleep", ["600"]), log);
}
