using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using Weft.Api;
using Weft.Api.Policies;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Policies;

/// <summary><c>weft policy why</c>.</summary>
internal static class PolicyWhyCommand
{
    public static Command Create(CommandFactory factory)
    {
        Argument<string?> source = new("source")
        {
            HelpName = "SRC",
            Arity = ArgumentArity.ZeroOrOne,
            Description = "Who begins: a pod (POD or NAMESPACE/POD), a node, an address, an endpoint's number, identity:N, world, host, …, or labels (app=web,tier=front)",
        };
        Argument<string?> destination = new("destination")
        {
            HelpName = "DST[:PORT][/PROTOCOL]",
            Arity = ArgumentArity.ZeroOrOne,
            Description = "As SRC, or svc/NAMESPACE/NAME; protocols are tcp, udp, sctp, icmp (a ping) and icmp:TYPE",
        };
        source.CompletionSources.Add(context => factory.Complete(context, EndsAsync));
        destination.CompletionSources.Add(context => factory.Complete(context, EndsAsync));
        Option<bool> suggest = new("--suggest") { Description = "Print only the document that allows what is denied" };
        Option<string?> lastDrop = new("--last-drop")
        {
            HelpName = "ENDPOINT",
            Description = "Explain the last packet that policy denied this endpoint, instead of a flow from SRC to DST",
        };
        lastDrop.CompletionSources.Add(context => factory.Complete(context, async (agent, cancellationToken) =>
            (await agent.GetEndpointsAsync(cancellationToken)).Select(endpoint => new CompletionItem(
                endpoint.Id.ToString(CultureInfo.InvariantCulture), detail: endpoint.Status?.ExternalIdentifiers?.PodName))));
        WeftCommand command = new(
            "why",
            "Says whether policy allows a flow, and why: which rule, on which side; what comes nearest, and which document would allow it.",
            new Example("weft policy why shop/front shop/db:5432", "from pod to pod, TCP"),
            new Example("weft policy why world 10.0.1.180:80", "from outside, by address"),
            new Example("weft policy why app=front svc/shop/api:80", "a service: every backend that policy tells apart"),
            new Example("weft policy why web [fd00:10:1::9]/icmp", "a ping; 'icmp:3' is another type"),
            new Example("weft policy why front db:5432 --suggest | weft policy apply -f -", "allow it"),
            new Example("weft policy why --last-drop 3663", "what was denied last"));
        command.Add(source);
        command.Add(destination);
        command.Add(suggest);
        command.Add(lastDrop);
        factory.SetAction(command, (invocation, cancellationToken) => RunAsync(
            invocation, invocation.Parse.GetValue(source), invocation.Parse.GetValue(destination), invocation.Parse.GetValue(suggest),
            invocation.Parse.GetValue(lastDrop), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Invocation invocation, string? source, string? destination, bool suggest, string? lastDrop, CancellationToken cancellationToken)
    {
        if (lastDrop is null ? source is null || destination is null : source is not null)
        {
            throw new UsageException("explain which flow? (give SRC and DST:PORT, or --last-drop ENDPOINT)");
        }

        PolicyFlowWords? words = destination is null ? null : PolicyFlowWords.Parse(destination);
        using AgentClient agent = invocation.OpenAgent();
        if (words is null)
        {
            PolicyLastDenial last = await agent.GetLastDenialAsync(lastDrop!, cancellationToken);
            return suggest ? Suggest(invocation, last.Denial is { } denial ? [denial.Now] : []) : Write(invocation, last);
        }

        PolicyWhyAnswer answer = await agent.ExplainPolicyAsync(
            new PolicyWhyRequest { Source = source!, Destination = words.Destination, Port = words.Port, Protocol = words.Protocol }, cancellationToken);
        return suggest ? Suggest(invocation, answer.Flows) : Write(invocation, answer);
    }

    private static int Write(Invocation invocation, PolicyWhyAnswer answer)
    {
        if (invocation.AsJson)
        {
            invocation.WriteJson(answer, JsonOutput.Api.PolicyWhyAnswer);
        }
        else
        {
            new PolicyWhyText(invocation.Output).Write(answer.Flows);
        }

        return ExitCode.Success;
    }

    private static int Write(Invocation invocation, PolicyLastDenial last)
    {
        if (invocation.AsJson)
        {
            invocation.WriteJson(last, JsonOutput.Api.PolicyLastDenial);
        }
        else
        {
            new PolicyWhyText(invocation.Output).Write(last, invocation.Clock);
        }

        return ExitCode.Success;
    }

    /// <summary>Only documents go to the standard output, so that it can be applied.</summary>
    private static int Suggest(Invocation invocation, IReadOnlyList<PolicyFlowVerdict> flows)
    {
        if (flows.FirstOrDefault(flow => flow is { IsAllowed: false, Suggestion: null }) is { } impossible)
        {
            throw new InvalidOperationException($"suggest a policy for {PolicyWhyText.FlowOf(impossible)}: {impossible.NoSuggestion}");
        }

        string[] documents = [.. flows.Select(flow => flow.Suggestion).OfType<string>().Distinct()];
        if (documents.Length == 0)
        {
            invocation.Error.WriteLine("weft: nothing is denied, so there is no document to apply");
        }

        invocation.Output.Write(string.Join("---\n", documents));
        return ExitCode.Success;
    }

    private static async Task<IEnumerable<CompletionItem>> EndsAsync(AgentClient agent, CancellationToken cancellationToken) =>
        (await agent.GetEndpointsAsync(cancellationToken)).Select(endpoint => endpoint.Status?.ExternalIdentifiers?.PodName).OfType<string>()
            .Concat(["world", "host", "remote-node"]).Select(name => new CompletionItem(name));
}
