using System.CommandLine;
using System.CommandLine.Completions;
using Weft.Api;
using Weft.Api.Policies;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Policies;

/// <summary><c>weft policy get</c>.</summary>
internal static class PolicyGetCommand
{
    private const string Text = "text";
    private const string Json = "json";
    private const string Yaml = "yaml";

    public static Command Create(CommandFactory factory)
    {
        Argument<string[]> names = new("policy")
        {
            HelpName = "NAME",
            Description = "NAME, NAMESPACE/NAME or KIND/NAMESPACE/NAME; none: all",
            Arity = ArgumentArity.ZeroOrMore,
        };
        names.CompletionSources.Add(context => factory.Complete(context, async (agent, cancellationToken) =>
            (await agent.GetPoliciesAsync(cancellationToken)).Policies.Select(policy => new CompletionItem(PolicyNames.Of(policy), detail: policy.Kind))));
        Option<string> format = new("--output", "-o")
        {
            Description = "How to print: text, json, or yaml (the documents as they were applied)",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => Text,
        };
        format.AcceptOneOf(Text, Json, Yaml);
        WeftCommand command = new(
            "get",
            "Lists the policies that the agent enforces, with how many of the node's endpoints each selects.",
            new Example("weft policy get", "all policies of the cluster"),
            new Example("weft policy get shop/web -o yaml", "as it was applied"),
            new Example("weft policy get -o json", "with every rule and its number in the datapath"));
        command.Aliases.Add("list");
        command.Aliases.Add("ls");
        command.Add(names);
        command.Add(format);
        factory.SetAction(command, (invocation, cancellationToken) => RunAsync(
            invocation, invocation.Parse.GetValue(names) ?? [], invocation.Parse.GetValue(format)!, cancellationToken));
        return command;
    }

    private static async Task RunAsync(Invocation invocation, string[] names, string format, CancellationToken cancellationToken)
    {
        using AgentClient agent = invocation.OpenAgent();
        IReadOnlyList<PolicyResource> policies = (await agent.GetPoliciesAsync(cancellationToken)).Policies;
        foreach (string name in names.Where(name => !policies.Any(policy => PolicyNames.IsNamed(policy, name))))
        {
            throw new InvalidOperationException($"find policy '{name}': the agent enforces none of that name (see 'weft policy get')");
        }

        policies = [.. policies.Where(policy => names.Length == 0 || names.Any(name => PolicyNames.IsNamed(policy, name)))];
        if (format == Json)
        {
            invocation.WriteJson(policies, JsonOutput.Api.PolicyResources);
        }
        else if (format == Yaml)
        {
            invocation.Output.Write(string.Join("---\n", policies.Select(policy => policy.Text.Trim('\n') + "\n")));
        }
        else
        {
            PolicyTable.Write(invocation.Output, policies);
        }
    }
}
