using System.CommandLine;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;
using Weft.Model.Yaml;
using Weft.Policy.Documents;
using Weft.Policy.Reading;

namespace Weft.Cli.Policies;

/// <summary><c>weft policy validate</c>: what the agent would say to documents, without one.</summary>
internal static class PolicyValidateCommand
{
    public static Command Create(CommandFactory factory)
    {
        Option<string[]> files = new("--file", "-f")
        {
            Description = "Documents (YAML or JSON), several times or several at once; '-' reads standard input",
            HelpName = "PATH",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        WeftCommand command = new(
            "validate",
            "Checks policies without an agent: every error with its path and line. Fails if there is one.",
            new Example("weft policy validate -f web.yaml", "before it is applied"),
            new Example("weft policy validate -f policies/a.yaml policies/b.yaml -o json", "several, for programs"));
        command.Add(files);
        factory.SetAction(command, (invocation, cancellationToken) =>
            RunAsync(invocation, invocation.Parse.GetRequiredValue(files), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, string[] paths, CancellationToken cancellationToken)
    {
        List<PolicyCheck> checks = [];
        foreach (string path in paths)
        {
            checks.Add(Check(await PolicyFile.ReadAsync(path, cancellationToken)));
        }

        if (invocation.AsJson)
        {
            invocation.WriteJson([.. checks], JsonOutput.Cli.PolicyCheckArray);
        }
        else
        {
            foreach (PolicyCheck check in checks)
            {
                Write(invocation.Output, check);
            }
        }

        return checks.All(check => check.IsValid) ? ExitCode.Success : ExitCode.Failure;
    }

    private static PolicyCheck Check(PolicyFile file)
    {
        try
        {
            PolicyDocuments documents = PolicyReader.Parse(file.Text, file.Name);
            string[] read = [.. documents.Policies.Select(policy => policy.Name.ToString()), .. documents.Namespaces.Select(space => $"Namespace {space.Name}")];
            return read.Length > 0 ? new PolicyCheck(file.Name, read, []) : new PolicyCheck(file.Name, [], [new PolicyError(1, "there is no document in it")]);
        }
        catch (PolicyException error)
        {
            return new PolicyCheck(file.Name, [], [.. error.Errors.Select((DocumentError fault) => new PolicyError(fault.Line, fault.Message))]);
        }
    }

    private static void Write(TextWriter output, PolicyCheck check)
    {
        foreach (string document in check.Documents)
        {
            output.WriteLine($"{check.File}: {document}: ok");
        }

        foreach (PolicyError error in check.Errors)
        {
            output.WriteLine($"{check.File}:{error.Line}: {error.Message}");
        }
    }
}
