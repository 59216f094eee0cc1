using System.CommandLine;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Endpoints;

/// <summary><c>weft endpoint list</c>.</summary>
internal static class EndpointListCommand
{
    public static Command Create(CommandFactory factory)
    {
        Option<bool> noHeaders = new("--no-headers") { Description = "Leave the two lines of column titles out" };
        WeftCommand command = new(
            "list",
            "Lists the endpoints of the node, by number.",
            new Example("weft endpoint list", "all endpoints of the node"),
            new Example("weft --node bpf2 endpoint list", "of another node of the lab"),
            new Example("weft endpoint list -o json", "with everything that the agent knows"));
        command.Aliases.Add("ls");
        command.Add(noHeaders);
        factory.SetAction(command, (invocation, cancellationToken) =>
            RunAsync(invocation, invocation.Parse.GetValue(noHeaders), cancellationToken));
        return command;
    }

    private static async Task RunAsync(Invocation invocation, bool noHeaders, CancellationToken cancellationToken)
    {
        using AgentClient agent = invocation.OpenAgent();
        IReadOnlyList<EndpointResource> endpoints = [.. (await agent.GetEndpointsAsync(cancellationToken)).OrderBy(e => e.Id)];
        if (invocation.AsJson)
        {
            invocation.WriteJson(endpoints, JsonOutput.Api.EndpointList);
            return;
        }

        EndpointTable.Write(invocation.Output, endpoints, noHeaders);
    }
}
