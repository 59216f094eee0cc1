using System.CommandLine;
using System.Globalization;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Endpoints;

/// <summary><c>weft endpoint log</c>.</summary>
internal static class EndpointLogCommand
{
    public static Command Create(CommandFactory factory)
    {
        Argument<string> endpoint = EndpointReference.CreateArgument(factory);
        WeftCommand command = new(
            "log",
            "Shows what happened to one endpoint, newest first.",
            new Example("weft endpoint log 3663", "its states and failures"));
        command.Add(endpoint);
        factory.SetAction(command, (invocation, cancellationToken) =>
            RunAsync(invocation, invocation.Parse.GetRequiredValue(endpoint), cancellationToken));
        return command;
    }

    private static async Task RunAsync(Invocation invocation, string id, CancellationToken cancellationToken)
    {
        using AgentClient agent = invocation.OpenAgent();
        IReadOnlyList<EndpointStatusChange> log = await agent.GetEndpointLogAsync(id, cancellationToken);
        if (invocation.AsJson)
        {
            invocation.WriteJson(log, JsonOutput.Api.EndpointLog);
            return;
        }

        TextTable table = new();
        table.Add("Timestamp", "Status", "State", "Message");
        foreach (EndpointStatusChange change in log)
        {
            string time = change.Timestamp?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
            table.Add(time, change.Code ?? "", change.State ?? "", change.Message ?? "");
        }

        table.Write(invocation.Output);
    }
}
