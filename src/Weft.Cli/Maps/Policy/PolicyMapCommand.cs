using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Maps.Policy;

/// <summary><c>weft bpf policy get</c>.</summary>
internal static class PolicyMapCommand
{
    public static Command Create(CommandFactory factory)
    {
        Argument<ushort?> endpoint = new("endpoint")
        {
            HelpName = "ENDPOINT",
            Description = "The number of an endpoint",
            Arity = ArgumentArity.ZeroOrOne,
        };
        endpoint.CompletionSources.Add(context => factory.Complete(context, async (agent, cancellationToken) =>
            (await agent.GetEndpointsAsync(cancellationToken)).Select(known => new CompletionItem(
                known.Id.ToString(CultureInfo.InvariantCulture), detail: known.Status?.ExternalIdentifiers?.PodName))));
        Option<bool> all = new("--all") { Description = "The tables of all endpoints" };
        WeftCommand command = new(
            "get",
            "Shows the table by which the datapath judges an endpoint's flows: who may, who may not, and by which rule.",
            new Example("weft bpf policy get 3663", "of one endpoint"),
            new Example("weft bpf policy get --all", "of all endpoints of the node"),
            new Example("weft bpf policy get --all -o json", "for programs"));
        command.Aliases.Add("list");
        command.Aliases.Add("ls");
        command.Add(endpoint);
        command.Add(all);
        factory.SetAction(command, (invocation, cancellationToken) => RunAsync(
            invocation, invocation.Parse.GetValue(endpoint), invocation.Parse.GetValue(all), cancellationToken));
        return command;
    }

    private static async Task RunAsync(Invocation invocation, ushort? endpoint, bool all, CancellationToken cancellationToken)
    {
        if (endpoint is null != all)
        {
            throw new UsageException("show which table? (give the number of an endpoint, or --all)");
        }

        IReadOnlyList<ushort> known = PolicyMapReader.Endpoints(invocation);
        if (endpoint is { } wanted && !known.Contains(wanted))
        {
            throw new InvalidOperationException($"show the policy of endpoint {wanted}: the datapath has no such endpoint (see 'weft bpf endpoint list')");
        }

        PolicyMapNames names = await PolicyMapNames.AskAsync(invocation, cancellationToken);
        IReadOnlyList<PolicyMapRow> rows = PolicyMapReader.Read(invocation, endpoint is { } only ? [only] : known, names);
        if (invocation.AsJson)
        {
            invocation.WriteJson([.. rows], JsonOutput.Cli.PolicyMapRowArray);
            return;
        }

        foreach ((int index, PolicyMapRow row) in rows.Index())
        {
            if (index > 0)
            {
                invocation.Output.WriteLine();
            }

            Write(invocation.Output, row);
        }
    }

    private static void Write(TextWriter output, PolicyMapRow row)
    {
        output.WriteLine($"endpoint {row.Endpoint}{(row.Name is null ? "" : $" ({row.Name})")}: {Enforcement(row)}");
        if (row.Entries.Count == 0)
        {
            return;
        }

        TextTable table = new();
        table.Add("POLICY", "DIRECTION", "IDENTITY", "LABELS (source:key[=value])", "PORT/PROTO", "PREFIX", "RULE");
        foreach (PolicyMapEntryRow entry in row.Entries)
        {
            IReadOnlyList<string> labels = entry.Identity == 0 ? ["(anybody)"] : entry.Labels ?? [];
            table.Add(
                entry.Policy, entry.Direction, entry.Identity.ToString(CultureInfo.InvariantCulture), labels is [string first, ..] ? first : "", entry.Port,
                entry.Prefix.ToString(CultureInfo.InvariantCulture), Rule(entry));
            foreach (string label in labels.Skip(1))
            {
                table.Add("", "", "", label);
            }
        }

        table.Write(output);
    }

    private static string Enforcement(PolicyMapRow row) => (row.IngressEnforced, row.EgressEnforced) switch
    {
        (true, true) => "what is not allowed is denied",
        (true, false) => "ingress that is not allowed is denied, egress is not enforced",
        (false, true) => "egress that is not allowed is denied, ingress is not enforced",
        _ => "nothing is enforced",
    };

    private static string Rule(PolicyMapEntryRow entry) => entry switch
    {
        { Rule: 0 } => "(no rule)",
        { Place: { } place } => place,
        _ => $"number {entry.Rule}",
    };
}
