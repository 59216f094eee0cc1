using Weft.Lab.State;
using Weft.Lab.Topology;
using Weft.Linux.Processes;

namespace Weft.Lab.Nodes;

/// <summary>Starts weft-agent on a node, as an operator would on a machine.</summary>
public sealed class AgentLauncher
{
    private const string Program = "weft-agent";

    private readonly LabPaths _paths;
    private readonly string _agentPath;

    /// <param name="agentPath">From <see cref="FindAgent"/>.</param>
    public AgentLauncher(LabPaths paths, string agentPath)
    {
        _paths = paths;
        _agentPath = agentPath;
    }

    /// <summary>The agent that belongs to this program: beside it, or else in PATH.</summary>
    public static string FindAgent()
    {
        string beside = Path.Combine(AppContext.BaseDirectory, Program);
        return ProgramFinder.Find(beside) ?? ProgramFinder.Find(Program)
            ?? throw new LabException($"find {Program}: neither beside this program ({beside}) nor in PATH ('./run build' puts both into out/)");
    }

    /// <summary>Starts the process, which lives on when this one ends. It serves a little later: see <see cref="AgentReadiness"/>.</summary>
    /// <param name="store">Where it is, as seen from the node.</param>
    public ProcessHandle Start(NodeSpec node, string store)
    {
        // What a killed agent left would look like the new one's.
        File.Delete(_paths.Socket(node.Name));
        NodeSandbox sandbox = new(_paths, node.Name);
        // A node with a runtime sees its own group in the usual place.
        string? cgroup = sandbox.Machine.Exists ? null : new LabCgroups(_paths.Lab).Find(node.Name)?.Path;
        ProgramStart start = sandbox.Enter(new ProgramStart(_agentPath, AgentArguments.Of(node, store, cgroup)));
        return sandbox.Run(() => ProcessSpawner.SpawnDaemon(start, NodeSandbox.AgentLog));
    }
}
