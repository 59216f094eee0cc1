using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

[Collection(SharedLabTests.Name)]
public sealed class PingTests(SharedLab shared)
{
    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelFact]
    public void A_reply_from_the_other_node_has_passed_one_hop()
    {
        string output = shared.Lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}");

        Assert.Contains("ttl=63", output, StringComparison.Ordinal);
        Assert.Contains(" 0% packet loss", output, StringComparison.Ordinal);
    }

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelFact]
    public void Pods_with_other_labels_reach_each_other_both_ways()
    {
        shared.Lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WebAddress}");
        shared.Lab.Exec(Pods.Web, "ping", "-c", "1", "-W", "5", $"{Pods.EastAddress}");
    }

    [Trait(KernelScenario.Name, KernelScenario.Value)]
    [KernelTheory]
    [InlineData(1)]
    [InlineData(1422)]
    [InlineData(1423)]
    [InlineData(8000)]
    [InlineData(65000)]
    public void Every_size_of_echo_passes_in_fragments_if_need_be(int payload)
    {
        string output = shared.Lab.Exec(
            Pods.East, "ping", "-c", "2", "-i", "0.01", "-W", "5", "-M", "dont", "-s", $"{payload}", $"{Pods.WestAddress}");

        Assert.Contains(" 0% packet loss", output, StringComparison.Ordinal);
    }

    [KernelFact]
    public void The_labs_own_ping_shows_every_pair()
    {
        ToolResult result = shared.Lab.WeftUnchecked("lab", "ping");

        Assert.Equal(0, result.ExitCode);
        // Three pods, two families.
        Assert.Equal(12, result.Output.Split("ttl=").Length - 1);
    }

    [KernelFact]
    public void A_program_in_a_pod_has_the_terminal()
    {
        string command = $"{WeftProgram.Path} --lab {shared.Lab.Name} lab exec {Pods.East} -- tty";

        Assert.StartsWith("/dev/pts/", Tool.Run("script", "-qec", command, "/dev/null"), StringComparison.Ordinal);
    }

    [KernelFact]
    public void The_exit_code_of_a_program_in_a_pod_is_that_of_exec()
    {
        Assert.Equal(7, shared.Lab.ExecUnchecked(Pods.East, "sh", "-c", "exit 7").ExitCode);
    }
}
