using System.CommandLine;
using System.Globalization;
using Weft.Api;
using Weft.Api.Policies;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Policies;

/// <summary><c>weft policy dry-run</c>.</summary>
internal static class PolicyDryRunCommand
{
    public static Command Create(CommandFactory factory)
    {
        Option<string?> file = PolicyFile.CreateOption();
        Option<bool> delete = new("--delete") { Description = "As if what the documents name were deleted" };
        Option<int> limit = new("--limit")
        {
            HelpName = "N",
            Description = "Show so many rows of either table at most",
            DefaultValueFactory = _ => 50,
        };
        limit.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string text }] && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0))
            {
                result.AddError($"--limit cannot be '{text}': it is a number from 1");
            }
        });
        WeftCommand command = new(
            "dry-run",
            "Shows what applying policies would change, and changes nothing: connections of now on the nodes, and flows between workloads.",
            new Example("weft policy dry-run -f web.yaml", "whom would it cut off, and whom let in?"),
            new Example("weft policy dry-run -f web.yaml --delete", "if it were deleted"),
            new Example("weft --node bpf1 --node bpf2 policy dry-run -f web.yaml --limit 10", "connections of these nodes of the lab only"));
        command.Add(file);
        command.Add(delete);
        command.Add(limit);
        factory.SetAction(command, (invocation, cancellationToken) => RunAsync(
            invocation, invocation.Parse.GetRequiredValue(file)!, invocation.Parse.GetValue(delete), invocation.Parse.GetValue(limit), cancellationToken));
        return command;
    }

    private static async Task RunAsync(Invocation invocation, string path, bool delete, int limit, CancellationToken cancellationToken)
    {
        PolicyFile file = await PolicyFile.ReadAsync(path, cancellationToken);
        (_, IReadOnlyList<(string Name, string Socket)> nodes) = invocation.AllTargets();
        List<PolicyDryRunReport> reports = [];
        foreach ((string name, string socket) in nodes)
        {
            using AgentClient agent = new(socket);
            try
            {
                reports.Add(await agent.DryRunPoliciesAsync(
                    file.Text, file.Name, delete, invocation.AsJson ? limit : limit * PolicyDryRunText.PortsOfRow, cancellationToken));
            }
            catch (AgentUnreachableException error) when (nodes.Count > 1)
            {
                await invocation.Error.WriteLineAsync($"weft: connections of node {name} are not known: {error.Message}");
            }
        }

        if (reports.Count == 0)
        {
            throw new InvalidOperationException($"compare policies, on {string.Join(", ", nodes.Select(node => node.Name))}: no agent answers");
        }

        PolicyDryRunReport report = Merge(reports);
        if (invocation.AsJson)
        {
            invocation.WriteJson(report with { Connections = [.. report.Connections.Take(limit)] }, JsonOutput.Api.PolicyDryRunReport);
        }
        else
        {
            PolicyDryRunText.Write(invocation.Output, report, limit);
        }
    }

    /// <summary>Every agent knows all workloads, and its own connections. One between two nodes is known to both.</summary>
    private static PolicyDryRunReport Merge(List<PolicyDryRunReport> reports) => reports[0] with
    {
        Connections =
        [
            .. reports.SelectMany(report => report.Connections)
                .GroupBy(change => (change.Source.Address, Destination: change.Destination.Address, change.Protocol, change.Port))
                .Select(group => group.First() with
                {
                    Connections = group.Max(change => change.Connections),
                    Nodes = [.. group.SelectMany(change => change.Nodes ?? []).Distinct().Order(StringComparer.Ordinal)],
                }),
        ],
        ConnectionCount = reports.Sum(report => report.ConnectionCount),
    };
}
