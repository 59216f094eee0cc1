using System.CommandLine;
using Weft.Api;
using Weft.Cli.Help;
using Weft.Cli.Hosting;

namespace Weft.Cli.Policies;

/// <summary><c>weft policy apply</c>.</summary>
internal static class PolicyApplyCommand
{
    public static Command Create(CommandFactory factory)
    {
        Option<string?> file = PolicyFile.CreateOption();
        WeftCommand command = new(
            "apply",
            "Writes policies, and labels of namespaces, into the cluster's store, where all agents find them. A mistake in one changes nothing.",
            new Example("weft policy apply -f web.yaml", "NetworkPolicy, CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy, Namespace"),
            new Example("kubectl get netpol,ns -A -o yaml | weft policy apply -f -", "those of a Kubernetes cluster"),
            new Example("weft policy why web db:5432 --suggest | weft policy apply -f -", "what is denied so far"));
        command.Add(file);
        factory.SetAction(command, (invocation, cancellationToken) =>
            RunAsync(invocation, invocation.Parse.GetRequiredValue(file)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, string path, CancellationToken cancellationToken)
    {
        PolicyFile file = await PolicyFile.ReadAsync(path, cancellationToken);
        using AgentClient agent = invocation.OpenAnyAgent();
        return PolicyResults.Write(invocation, await agent.PutPoliciesAsync(file.Text, file.Name, cancellationToken));
    }
}
