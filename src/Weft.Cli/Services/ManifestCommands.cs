using System.CommandLine;
using Weft.Api;
using Weft.Api.Services;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Services;

/// <summary><c>weft service update</c> and <c>weft service delete</c>: manifests of the cluster, checked and written by the agent.</summary>
internal static class ManifestCommands
{
    private delegate Task<ManifestReport> Change(AgentClient agent, string manifests, CancellationToken cancellationToken);

    public static WeftCommand CreateUpdate(CommandFactory factory) => Create(
        factory,
        new WeftCommand(
            "update",
            "Writes Services and EndpointSlices of a manifest into the cluster's store, where all agents find them.",
            new Example("weft service update -f web.yaml", "as 'kubectl apply' does"),
            new Example("kubectl get service,endpointslice -o yaml | weft service update -f -", "those of a Kubernetes cluster")),
        static (agent, manifests, cancellationToken) => agent.PutManifestsAsync(manifests, cancellationToken));

    public static WeftCommand CreateDelete(CommandFactory factory) => Create(
        factory,
        new WeftCommand(
            "delete",
            "Deletes the Services and EndpointSlices that a manifest names from the cluster's store; a service's slices go with it.",
            new Example("weft service delete -f web.yaml", "what 'weft service update' wrote")),
        static (agent, manifests, cancellationToken) => agent.DeleteManifestsAsync(manifests, cancellationToken));

    private static WeftCommand Create(CommandFactory factory, WeftCommand command, Change change)
    {
        Option<string> file = new("--file", "-f")
        {
            Description = "The manifests (YAML or JSON); '-' reads standard input",
            HelpName = "PATH",
            Required = true,
        };
        command.Add(file);
        factory.SetAction(command, (invocation, cancellationToken) =>
            RunAsync(invocation, invocation.Parse.GetRequiredValue(file), change, cancellationToken));
        return command;
    }

    /// <summary>Fails when something that was to be deleted was not there: a name was mistyped, or somebody else was first.</summary>
    private static async Task<int> RunAsync(Invocation invocation, string path, Change change, CancellationToken cancellationToken)
    {
        string manifests = await ReadAsync(path, cancellationToken);
        using AgentClient agent = invocation.OpenAgent();
        ManifestReport report = await change(agent, manifests, cancellationToken);
        foreach (string warning in report.Warnings)
        {
            await invocation.Error.WriteLineAsync($"weft: {warning}");
        }

        if (invocation.AsJson)
        {
            invocation.WriteJson(report, JsonOutput.Api.ManifestReport);
        }
        else
        {
            foreach (ManifestResult result in report.Results)
            {
                invocation.Output.WriteLine($"{result.Kind.ToLowerInvariant()}/{result.Name} in namespace {result.Namespace}: {result.Result}");
            }
        }

        return report.Results.Any(result => result.Result == "not found") ? ExitCode.Failure : ExitCode.Success;
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return path == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"read manifests {path}: {error.Message}", error);
        }
    }
}
