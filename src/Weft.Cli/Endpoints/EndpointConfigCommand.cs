using System.CommandLine;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Cli.Config;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Endpoints;

/// <summary><c>weft endpoint config</c>.</summary>
internal static class EndpointConfigCommand
{
    public static Command Create(CommandFactory factory)
    {
        Argument<string> endpoint = EndpointReference.CreateArgument(factory);
        Argument<OptionChange[]> changes = OptionChanges.CreateArgument(OptionChanges.OfEndpoint);
        WeftCommand command = new(
            "config",
            "Shows the settings of one endpoint, or changes some while its packets flow.",
            new Example("weft endpoint config 3663", "show them"),
            new Example("weft endpoint config 3663 Debug=Enabled", "debug messages for this pod's packets only"),
            new Example("weft endpoint config 3663 PolicyAuditMode=Enabled", "what policy denies this pod passes, and is told"));
        command.Add(endpoint);
        command.Add(changes);
        factory.SetAction(command, (invocation, cancellationToken) => RunAsync(
            invocation,
            invocation.Parse.GetRequiredValue(endpoint),
            invocation.Parse.GetValue(changes) ?? [],
            cancellationToken));
        return command;
    }

    private static async Task RunAsync(Invocation invocation, string id, OptionChange[] changes, CancellationToken cancellationToken)
    {
        using AgentClient agent = invocation.OpenAgent();
        if (changes.Length > 0)
        {
            await agent.PatchEndpointConfigAsync(
                id, new EndpointConfigurationSpec { Options = OptionChanges.ToDictionary(changes) }, cancellationToken);
        }

        EndpointConfigurationStatus config = await agent.GetEndpointConfigAsync(id, cancellationToken);
        if (invocation.AsJson)
        {
            invocation.WriteJson(config, JsonOutput.Api.EndpointConfigurationStatus);
            return;
        }

        OptionTable.Write(invocation.Output, config.Realized?.Options);
    }
}
