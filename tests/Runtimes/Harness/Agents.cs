using EndToEnd.Harness;
using Weft.Linux.Processes;
using Weft.Tests.Shared;

namespace Runtimes.Harness;

/// <summary>Ends agents as a crash does.</summary>
internal static class Agents
{
    /// <summary>Returns when it has ended.</summary>
    public static void Kill(RealLab lab, string node)
    {
        using ProcessHandle agent = lab.Agent(node);
        agent.Signal(ProcessSignal.SIGKILL);
        Assert.True(agent.WaitForExit(Eventually.DefaultDeadline), $"the agent of {node} still runs");
    }
}
