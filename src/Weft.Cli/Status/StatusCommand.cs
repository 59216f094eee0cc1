using System.CommandLine;
using Weft.Api;
using Weft.Api.Health;
using Weft.Api.Status;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Status;

/// <summary><c>weft status</c>.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandFactory factory)
    {
        Option<bool> verbose = new("--verbose") { Description = "Also addresses, every controller and the sizes of the maps" };
        Option<bool> brief = new("--brief") { Description = "Only OK, or what is wrong" };
        WeftCommand command = new(
            "status",
            "Shows how the node's agent and its parts are. Exit code 1 if something is wrong.",
            new Example("weft status", "the node at a glance"),
            new Example("weft status --verbose", "with addresses, controllers and map sizes"),
            new Example("weft --lab default --node bpf1 status --brief", "one word, for scripts"));
        command.Add(verbose);
        command.Add(brief);
        command.Validators.Add(result =>
        {
            if (result.GetValue(verbose) && result.GetValue(brief))
            {
                result.AddError("--verbose and --brief exclude each other");
            }
        });
        factory.SetAction(command, (invocation, cancellationToken) =>
            RunAsync(invocation, invocation.Parse.GetValue(verbose), invocation.Parse.GetValue(brief), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, bool verbose, bool brief, CancellationToken cancellationToken)
    {
        using AgentClient agent = invocation.OpenAgent();
        StatusResponse status = await agent.GetStatusAsync(cancellationToken);
        string? problem = StatusProblem.Find(status);
        if (invocation.AsJson)
        {
            invocation.WriteJson(status, JsonOutput.Api.StatusResponse);
        }
        else if (brief)
        {
            await invocation.Output.WriteLineAsync(problem is null ? "OK" : $"error: {problem}");
        }
        else
        {
            HealthStatusResponse? health = await FindHealthAsync(agent, status, cancellationToken);
            new StatusWriter(invocation.Output, invocation.Clock, verbose).Write(status, health);
        }

        return problem is null ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<HealthStatusResponse?> FindHealthAsync(
        AgentClient agent, StatusResponse status, CancellationToken cancellationToken)
    {
        try
        {
            return status.Cluster?.Health is { State: not ComponentState.Disabled }
                ? await agent.GetClusterHealthAsync(cancellationToken)
                : null;
        }
        catch (AgentApiException)
        {
            // The rest of the status is worth showing all the same.
            return null;
        }
    }
}
