using System.Diagnostics;
using EndToEnd.Harness;
using Weft.Lab.Topology;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>Labs are built, repaired and removed without a trace, also when the builder is killed.</summary>
public sealed class LabLifeTests : IDisposable
{
    private readonly RealLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelFact]
    public void Down_leaves_nothing()
    {
        _lab.Up();
        Assert.NotEmpty(_lab.Traces());

        Assert.Contains("is gone", _lab.Down(), StringComparison.Ordinal);

        Assert.Empty(_lab.Traces());
    }

    [KernelFact]
    public void Up_twice_changes_nothing()
    {
        _lab.Up();
        string before = _lab.Weft("lab", "status");

        Assert.Contains("nothing to do", _lab.Up(), StringComparison.Ordinal);

        Assert.Equal(before, _lab.Weft("lab", "status"));
    }

    [KernelFact]
    public void A_lab_without_one_of_its_namespaces_is_built_anew()
    {
        _lab.Up();
        Tool.Run("ip", "netns", "delete", LabNames.NetnsOf(_lab.Name, Pods.WestNode));

        _lab.Up();

        _lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}");
    }

    [KernelFact]
    public void A_lab_that_is_built_anew_is_the_one_that_it_was()
    {
        _lab.Up(Topologies.Pair);
        string before = _lab.Weft("lab", "ping", "--ipv4", "-o", "json");
        Tool.Run("ip", "netns", "delete", LabNames.NetnsOf(_lab.Name, Pods.WestNode));

        _lab.Up();

        Assert.Equal(before.Split("\"source\"").Length, _lab.Weft("lab", "ping", "--ipv4", "-o", "json").Split("\"source\"").Length);
    }

    [KernelFact]
    public void Nodes_of_a_lab_that_is_up_cannot_change()
    {
        _lab.Up(Topologies.Pair);

        ToolResult result = _lab.UpUnchecked(Topologies.SmallRange);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("only pods can change while it is up", result.Error, StringComparison.Ordinal);
    }

    /// <summary>Lines of progress after which the builder is killed: nodes made, agents up, pods attached.</summary>
    [KernelTheory]
    [InlineData("nodes: 2 of 2", true)]
    [InlineData("nodes: 2 of 2", false)]
    [InlineData("agents: 2 of 2", true)]
    [InlineData("agents: 2 of 2", false)]
    [InlineData("pods: 3 of 3", true)]
    [InlineData("pods: 3 of 3", false)]
    public void What_a_killed_up_left_is_taken_away(string after, bool byUp)
    {
        KillUpAfter(after);

        if (byUp)
        {
            _lab.Up();
            _lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}");
        }

        _lab.Down();
        Assert.Empty(_lab.Traces());
    }

    /// <summary>Killed at times that no line of progress marks.</summary>
    [KernelTheory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(150)]
    public void What_an_up_left_that_was_killed_at_any_time_is_taken_away(int milliseconds)
    {
        using (Process up = WeftProgram.Start(WeftProgram.Path, [.. _lab.UpArguments()]))
        {
            up.WaitForExit(milliseconds);
            up.Kill();
            up.WaitForExit();
        }

        _lab.Down();

        Assert.Empty(_lab.Traces());
    }

    [KernelFact]
    public void An_interrupted_up_takes_away_what_it_made()
    {
        using Process up = WeftProgram.Start(WeftProgram.Path, [.. _lab.UpArguments(Topologies.Crowd(100))]);
        WaitForLine(up, "agents: 2 of 2");

        Tool.Run("kill", "-INT", $"{up.Id}");

        Assert.True(up.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(130, up.ExitCode);
        Assert.Empty(_lab.Traces());
    }

    [KernelFact]
    public void Two_labs_with_the_same_addresses_live_side_by_side()
    {
        using RealLab other = new();
        _lab.Up(Topologies.Pair);
        other.Up(Topologies.OtherWest);

        _lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}");
        other.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}");
        Assert.NotEqual(_lab.Identity(Pods.West), other.Identity(Pods.Web));
        other.Down();

        Assert.Empty(other.Traces());
        _lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}");
    }

    [KernelFact]
    public void Inside_a_node_weft_speaks_to_the_nodes_own_agent()
    {
        _lab.Up(Topologies.Pair);

        Assert.Equal(_lab.Weft("--node", Pods.WestNode, "endpoint", "list"), _lab.Exec(Pods.WestNode, "weft", "endpoint", "list"));
    }

    private void KillUpAfter(string line)
    {
        using Process up = WeftProgram.Start(WeftProgram.Path, [.. _lab.UpArguments()]);
        WaitForLine(up, line);
        up.Kill();
        up.WaitForExit();
    }

    private static void WaitForLine(Process process, string line)
    {
        List<string> seen = [];
        while (process.StandardError.ReadLine() is { } read)
        {
            seen.Add(read);
            if (read == line)
            {
                return;
            }
        }

        throw new InvalidOperationException($"weft lab up never said '{line}', but: {string.Join(" / ", seen)}");
    }
}
