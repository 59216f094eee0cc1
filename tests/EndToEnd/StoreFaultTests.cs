using EndToEnd.Harness;
using Weft.Linux.Processes;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>The nodes' common store goes away, is held by somebody, or is damaged: packets go on, and the agents say what is wrong.</summary>
public sealed class StoreFaultTests : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private readonly RealLab _lab = new();

    public StoreFaultTests() => _lab.Up(Topologies.Pair);

    public void Dispose() => _lab.Dispose();

    [KernelFact]
    public void Without_its_store_file_the_lab_goes_on()
    {
        foreach (string file in Directory.EnumerateFiles(_lab.Paths.StoreDirectory))
        {
            File.Delete(file);
        }

        Ping();
        _lab.Weft("--node", Pods.EastNode, "endpoint", "list");
    }

    [KernelFact]
    public void A_locked_store_holds_up_neither_packets_nor_status()
    {
        using System.Diagnostics.Process holder = WeftProgram.Start("flock", "--exclusive", _lab.Paths.StoreFile, "cat");

        Ping();
        _lab.Weft("--node", Pods.EastNode, "endpoint", "list");
        holder.StandardInput.Close();
        Assert.True(holder.WaitForExit(s_deadline));
    }

    [KernelFact]
    public void An_agent_that_finds_a_damaged_store_says_so()
    {
        using (ProcessHandle agent = _lab.Agent(Pods.EastNode))
        {
            agent.Signal(ProcessSignal.SIGKILL);
            Assert.True(agent.WaitForExit(s_deadline));
        }

        Damage();
        ToolResult result = _lab.UpUnchecked();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("store.db", result.Error, StringComparison.Ordinal);
        Ping();
    }

    private void Ping() => _lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}");

    private void Damage()
    {
        foreach (string file in Directory.EnumerateFiles(_lab.Paths.StoreDirectory))
        {
            File.WriteAllText(file, new string('x', 20_000));
        }
    }
}
