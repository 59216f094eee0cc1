using System.Globalization;
using Weft.Api.Policies;
using Weft.Cli.Output;

namespace Weft.Cli.Policies;

/// <summary>The tables of <c>policy dry-run</c>.</summary>
internal static class PolicyDryRunText
{
    public static void Write(TextWriter output, PolicyDryRunReport report, int limit)
    {
        int changed = report.Connections.Sum(change => change.Connections);
        output.WriteLine($"Connections that are tracked now: {Count(changed)} ({report.ConnectionCount} looked at)");
        if (report.Connections.Count > 0)
        {
            TextTable table = new(indent: 2);
            table.Add("FROM", "TO", "PORT", "CONNECTIONS", "CHANGE", "BY", "NODES");
            foreach (PolicyVerdictChange change in report.Connections.Take(limit))
            {
                table.Add(
                    End(change.Source), End(change.Destination), Port(change), change.Connections.ToString(CultureInfo.InvariantCulture), Change(change),
                    By(change), string.Join(',', change.Nodes ?? []));
            }

            table.Write(output);
            WriteRest(output, report.Connections.Count - limit);
        }

        output.WriteLine($"Pairs of workloads: {Count(report.PairCount)}");
        if (report.Pairs.Count > 0)
        {
            TextTable table = new(indent: 2);
            table.Add("FROM", "TO", "PORT", "CHANGE", "BY");
            foreach (PolicyVerdictChange change in report.Pairs.Take(limit))
            {
                table.Add(change.Source.Name, change.Destination.Name, Port(change), Change(change), By(change));
            }

            table.Write(output);
            WriteRest(output, report.PairCount - limit);
        }
    }

    private static void WriteRest(TextWriter output, int rest)
    {
        if (rest > 0)
        {
            output.WriteLine($"  … and {rest} more (see --limit)");
        }
    }

    private static string Count(int changed) => changed switch
    {
        0 => "none changes",
        1 => "1 changes",
        _ => $"{changed} change",
    };

    private static string End(PolicyFlowEnd end) => end.Address is null || end.Address == end.Name ? end.Name : $"{end.Name} ({end.Address})";

    private static string Port(PolicyVerdictChange change)
    {
        bool isIcmp = change.Protocol.StartsWith("ICMP", StringComparison.Ordinal);
        return change.IsForOtherPorts ? $"other {(isIcmp ? "types" : "ports")}/{change.Protocol}"
            : string.Create(CultureInfo.InvariantCulture, $"{(isIcmp ? "type " : "")}{change.Port}/{change.Protocol}");
    }

    private static string Change(PolicyVerdictChange change) => change.WasAllowed ? "allowed -> denied" : "denied -> allowed";

    private static string By(PolicyVerdictChange change) => change.Rule?.ToString() ?? (change.WasAllowed ? "default deny" : "nothing is enforced");
}
