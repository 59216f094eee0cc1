using Weft.Agent.Options;
using Weft.Agent.Startup;
using Weft.Control.Node;
using Weft.Datapath.Pinning;

namespace Weft.Agent;

/// <summary>The command <c>weft-agent cleanup</c>.</summary>
internal static class AgentCleanup
{
    public static async Task<int> RunAsync(CleanupOptions options, CancellationToken cancellationToken)
    {
        SystemChecks.RequireRoot();
        using InstanceLock held = InstanceLock.Take(options.Paths);
        await foreach (string line in NodeCleanup.RunAsync(
            options.Paths.StateDirectory, new BpfRoot(options.Paths.BpfRoot), cancellationToken).ConfigureAwait(false))
        {
            await Console.Out.WriteLineAsync(line).ConfigureAwait(false);
        }

        File.Delete(options.Paths.Socket);
        return 0;
    }
}
