using System.CommandLine;
using Weft.Api;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Endpoints;

/// <summary><c>weft endpoint get</c>.</summary>
internal static class EndpointGetCommand
{
    public static Command Create(CommandFactory factory)
    {
        Argument<string> endpoint = EndpointReference.CreateArgument(factory);
        WeftCommand command = new(
            "get",
            "Shows everything that the agent knows of one endpoint, as a JSON array of one.",
            new Example("weft endpoint get 3663", "by number"),
            new Example("weft endpoint get pod-name:default/cni-6vf5d", "by pod"),
            new Example("weft endpoint get ipv4:10.0.1.180", "by address"));
        command.Add(endpoint);
        factory.SetAction(command, (invocation, cancellationToken) =>
            RunAsync(invocation, invocation.Parse.GetRequiredValue(endpoint), cancellationToken));
        return command;
    }

    private static async Task RunAsync(Invocation invocation, string id, CancellationToken cancellationToken)
    {
        using AgentClient agent = invocation.OpenAgent();
        invocation.WriteJson([await agent.GetEndpointAsync(id, cancellationToken)], JsonOutput.Api.EndpointList);
    }
}
