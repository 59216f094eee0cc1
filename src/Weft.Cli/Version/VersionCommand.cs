using System.CommandLine;
using System.Reflection;
using Weft.Api;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Version;

/// <summary><c>weft version</c>.</summary>
internal static class VersionCommand
{
    /// <summary>Version of this program and the first digits of the commit that it was built from.</summary>
    public static string Own { get; } = Describe(
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);

    public static Command Create(CommandFactory factory)
    {
        Option<bool> clientOnly = new("--client") { Description = "Do not ask the agent" };
        WeftCommand command = new(
            "version",
            "Shows the versions of this program and of the node's agent.",
            new Example("weft version", "both"),
            new Example("weft version --client", "where no agent runs"));
        command.Add(clientOnly);
        factory.SetAction(command, async (invocation, cancellationToken) =>
        {
            // Own version first: it is true whether or not an agent answers.
            if (!invocation.AsJson)
            {
                invocation.Output.WriteLine($"Client: {Own}");
            }

            string? daemon = invocation.Parse.GetValue(clientOnly) ? null : await AskAsync(invocation, cancellationToken);
            Write(invocation, new VersionReport(Own, daemon));
        });
        return command;
    }

    /// <summary><c>0.1.0+8ab2…</c> becomes <c>0.1.0 8ab2fc31</c>.</summary>
    public static string Describe(string informational)
    {
        string[] parts = informational.Split('+', 2);
        return parts.Length == 2 ? $"{parts[0]} {parts[1][..Math.Min(8, parts[1].Length)]}" : parts[0];
    }

    private static async Task<string?> AskAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        using AgentClient agent = invocation.OpenAgent();
        return (await agent.GetStatusAsync(cancellationToken)).Agent?.Message;
    }

    private static void Write(Invocation invocation, VersionReport report)
    {
        if (invocation.AsJson)
        {
            invocation.WriteJson(report, JsonOutput.Cli.VersionReport);
        }
        else if (report.Daemon is not null)
        {
            invocation.Output.WriteLine($"Daemon: {report.Daemon}");
        }
    }
}
