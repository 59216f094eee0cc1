using EndToEnd.Harness;
using Microsoft.Data.Sqlite;
using Weft.Lab.State;
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
        using SqliteConnection holder = Lock();

        Ping();
        _lab.Weft("--node", Pods.EastNode, "status");
        _lab.Weft("--node", Pods.EastNode, "endpoint", "list");
    }

    [KernelFact]
    public async Task A_new_pod_and_a_new_agent_wait_for_a_locked_store()
    {
        Kill(Pods.EastNode);
        Task<string> up;
        using (SqliteConnection holder = Lock())
        {
            up = Task.Run(() => _lab.Up(Topologies.WithNewLabels));
            // The agent has begun to start, and cannot end it.
            await Eventually.BecomesAsync("the agent runs", () => Task.FromResult(AgentRuns(Pods.EastNode)), runs => runs);
            Ping();
            Assert.False(up.IsCompleted);
        }

        Assert.Contains("added pod new", await up.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        _lab.Exec("new", "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}");
    }

    [KernelFact]
    public void An_agent_that_finds_a_damaged_store_says_so()
    {
        Kill(Pods.EastNode);
        Damage();
        ToolResult result = _lab.UpUnchecked();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("store.db", result.Error, StringComparison.Ordinal);
        Ping();
    }

    private void Ping() => _lab.Exec(Pods.East, "ping", "-c", "1", "-W", "5", $"{Pods.WestAddress}");

    private void Kill(string node)
    {
        using ProcessHandle agent = _lab.Agent(node);
        agent.Signal(ProcessSignal.SIGKILL);
        Assert.True(agent.WaitForExit(s_deadline));
    }

    private bool AgentRuns(string node) => new LabDirectory(_lab.Name).ReadState()!.Agents[node].IsAlive;

    /// <summary>Holds the store as a program does that writes for a long time.</summary>
    private SqliteConnection Lock()
    {
        SqliteConnection connection = new($"Data Source={_lab.Paths.StoreFile};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();
        return connection;
    }

    private void Damage()
    {
        foreach (string file in Directory.EnumerateFiles(_lab.Paths.StoreDirectory))
        {
            File.WriteAllText(file, new string('x', 20_000));
        }
    }
}
