using System.CommandLine;
using System.CommandLine.Completions;
using Weft.Api;
using Weft.Api.Services;
using Weft.Cli.Help;
using Weft.Cli.Hosting;

namespace Weft.Cli.Policies;

/// <summary><c>weft policy delete</c>.</summary>
internal static class PolicyDeleteCommand
{
    public static Command Create(CommandFactory factory)
    {
        Option<string?> file = PolicyFile.CreateOption(isRequired: false);
        Argument<string[]> names = new("policy")
        {
            HelpName = "KIND/NAMESPACE/NAME",
            Description = "A policy; KIND may be netpol, cnp, ccnp (which has no namespace) or ns, for a namespace's labels",
            Arity = ArgumentArity.ZeroOrMore,
        };
        names.CompletionSources.Add(context => factory.Complete(context, async (agent, cancellationToken) =>
            (await agent.GetPoliciesAsync(cancellationToken)).Policies.Select(policy => new CompletionItem(PolicyNames.WithKind(policy)))));
        WeftCommand command = new(
            "delete",
            "Deletes policies, and labels of namespaces, from the cluster's store.",
            new Example("weft policy delete -f web.yaml", "what 'weft policy apply' wrote"),
            new Example("weft policy delete NetworkPolicy/shop/web ccnp/no-metadata", "by name"));
        command.Add(names);
        command.Add(file);
        factory.SetAction(command, (invocation, cancellationToken) => RunAsync(
            invocation, invocation.Parse.GetValue(names) ?? [], invocation.Parse.GetValue(file), cancellationToken));
        return command;
    }

    /// <summary>Fails when something that was to be deleted was not there: a name was mistyped, or somebody else was first.</summary>
    private static async Task<int> RunAsync(Invocation invocation, string[] names, string? path, CancellationToken cancellationToken)
    {
        if (names.Length == 0 == path is null)
        {
            throw new UsageException("delete policies: give their names, or the file that they were applied from with -f");
        }

        PolicyFile? file = path is null ? null : await PolicyFile.ReadAsync(path, cancellationToken);
        using AgentClient agent = invocation.OpenAnyAgent();
        ManifestReport report = file is null
            ? await agent.DeletePoliciesAsync(names, cancellationToken)
            : await agent.DeletePoliciesAsync(file.Text, file.Name, cancellationToken);
        return PolicyResults.Write(invocation, report);
    }
}
