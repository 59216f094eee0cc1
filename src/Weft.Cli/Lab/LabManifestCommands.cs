using System.CommandLine;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Lab;
using Weft.Lab.Services;
using Weft.Linux;
using Weft.Model.Services.Manifests;
using Weft.Model.Yaml;

namespace Weft.Cli.Lab;

/// <summary><c>weft lab apply</c> and <c>weft lab delete</c>.</summary>
internal static class LabManifestCommands
{
    private delegate Task<IReadOnlyList<ManifestChange>> Change(LabManifests lab, ServiceManifests manifests, CancellationToken cancellationToken);

    public static Command CreateApply(CommandFactory factory) => Create(
        factory,
        new WeftCommand(
            "apply",
            "Writes Services and EndpointSlices of a manifest into the store of a lab, where its agents find them.",
            new Example("weft lab apply -f web.yaml", "as 'kubectl apply' does in a cluster"),
            new Example("kubectl get service,endpointslice -o yaml | weft lab apply -f -", "those of a cluster")),
        (lab, manifests, stop) => lab.ApplyAsync(manifests, stop));

    public static Command CreateDelete(CommandFactory factory) => Create(
        factory,
        new WeftCommand(
            "delete",
            "Deletes the Services and EndpointSlices that a manifest names from the store of a lab; a service's slices go with it.",
            new Example("weft lab delete -f web.yaml", "what 'weft lab apply' wrote")),
        (lab, manifests, stop) => lab.DeleteAsync(manifests, stop));

    private static WeftCommand Create(CommandFactory factory, WeftCommand command, Change change)
    {
        Option<string> file = new("--file", "-f") { Description = "The manifests (YAML or JSON); '-' reads standard input", HelpName = "PATH", Required = true };
        command.Add(file);
        factory.SetAction(command, (invocation, cancellationToken) =>
            RunAsync(invocation, invocation.Parse.GetRequiredValue(file), change, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, string path, Change change, CancellationToken cancellationToken)
    {
        string lab = LabChoice.Existing(invocation);
        if (!ProcessPrivileges.IsRoot)
        {
            throw new LabException($"write to the store of lab {lab}: only root can (run as root, as in 'sudo weft lab {invocation.Parse.CommandResult.Command.Name}')");
        }

        ServiceManifests manifests = ManifestReader.Parse(await ReadAsync(path, cancellationToken), path);
        foreach (DocumentError warning in manifests.Warnings)
        {
            await invocation.Error.WriteLineAsync($"weft: {path}:{warning.Line}: {warning.Message}");
        }

        IReadOnlyList<ManifestChange> changes = await change(new LabManifests(lab), manifests, cancellationToken);
        List<ManifestReport> reports = [.. changes.Select(Report)];
        if (invocation.AsJson)
        {
            invocation.WriteJson(reports, LabJson.Default.ListManifestReport);
        }
        else
        {
            foreach (ManifestReport report in reports)
            {
                await invocation.Output.WriteLineAsync($"{report.Kind}/{report.Name} in namespace {report.Namespace}: {report.Result}");
            }
        }

        return changes.Any(one => one.Result == ManifestResult.NotFound) ? ExitCode.Failure : ExitCode.Success;
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return path == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"read manifests {path}: {exception.Message}", exception);
        }
    }

    private static ManifestReport Report(ManifestChange change) => new(
        change.Kind == ManifestKind.Service ? "service" : "endpointslice",
        change.Name.Namespace,
        change.Name.Name,
        change.Result switch
        {
            ManifestResult.Created => "created",
            ManifestResult.Configured => "configured",
            ManifestResult.Unchanged => "unchanged",
            ManifestResult.Deleted => "deleted",
            _ => "not found",
        });
}
