using System.CommandLine;
using Weft.Api;
using Weft.Api.Health;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Health;

/// <summary><c>weft health …</c>.</summary>
internal static class HealthCommands
{
    public static Command Create(CommandFactory factory) => CommandFactory.Group(
        "health", "How a node reaches the nodes of the cluster, and the pods' side of them, by its own probes.", CreateStatus(factory));

    private static WeftCommand CreateStatus(CommandFactory factory)
    {
        Option<bool> verbose = new("--verbose") { Description = "Every address by ICMP and HTTP, with round trip times" };
        Option<bool> probe = new("--probe") { Description = "Probe all nodes now and wait for the answers, at most 10 s for each" };
        WeftCommand command = new(
            "status",
            "Shows which nodes and health endpoints answered the last probes. Exit code 1 if one did not.",
            new Example("weft health status", "a line for each node"),
            new Example("weft health status --verbose", "every probe with its round trip time, or why it failed"),
            new Example("weft health status --probe", "as it is now, not as it was a minute ago"));
        command.Add(verbose);
        command.Add(probe);
        factory.SetAction(command, (invocation, cancellationToken) =>
            RunAsync(invocation, invocation.Parse.GetValue(verbose), invocation.Parse.GetValue(probe), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, bool verbose, bool probe, CancellationToken cancellationToken)
    {
        using AgentClient agent = invocation.OpenAgent();
        HealthStatusResponse health = probe
            ? await agent.ProbeClusterHealthAsync(cancellationToken)
            : await agent.GetClusterHealthAsync(cancellationToken);
        if (invocation.AsJson)
        {
            invocation.WriteJson(health, JsonOutput.Api.HealthStatusResponse);
        }
        else if (verbose)
        {
            PathsWriter.Write(invocation.Output, health);
        }
        else
        {
            await invocation.Output.WriteLineAsync(
                $"Cluster health:   {HealthSummary.Line(health)}   (Probe interval: {health.ProbeInterval})");
            HealthSummary.WriteTable(invocation.Output, health, HealthSummary.Ordered(health));
        }

        return health.Nodes.Any(HealthSummary.IsUnreachable) ? ExitCode.Failure : ExitCode.Success;
    }
}
