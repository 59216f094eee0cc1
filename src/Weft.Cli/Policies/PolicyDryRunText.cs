using System.Globalization;
using Weft.Api.Policies;
using Weft.Cli.Output;

namespace Weft.Cli.Policies;

/// <summary>The tables of <c>policy dry-run</c>.</summary>
internal static class PolicyDryRunText
{
    /// <summary>Of pairs the agent is asked for so many times the rows that are shown: one is of several ports, as a rule.</summary>
    public const int PortsOfRow = 20;

    private static readonly string[] s_protocols = ["TCP", "UDP", "SCTP", "ICMP", "ICMPv6"];

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

        output.WriteLine($"Flows between workloads: {Count(report.PairCount)}");
        if (report.Pairs.Count > 0)
        {
            TextTable table = new(indent: 2);
            table.Add("FROM", "TO", "PORTS", "CHANGE", "BY");
            int shown = 0;
            foreach (IReadOnlyList<PolicyVerdictChange> alike in Rows(report.Pairs).Take(limit))
            {
                table.Add(alike[0].Source.Name, alike[0].Destination.Name, Ports(alike), Change(alike[0]), By(alike[0]));
                shown += alike.Count;
            }

            table.Write(output);
            WriteRest(output, report.PairCount - shown);
        }
    }

    /// <summary>What differs in the port only is one row.</summary>
    private static IEnumerable<IReadOnlyList<PolicyVerdictChange>> Rows(IReadOnlyList<PolicyVerdictChange> pairs) => pairs
        .GroupBy(pair => (From: pair.Source.Name, To: pair.Destination.Name, pair.WasAllowed, pair.Rule)).Select(group => group.ToArray());

    private static string Ports(IReadOnlyList<PolicyVerdictChange> alike)
    {
        string[] other = [.. alike.Where(pair => pair.IsForOtherPorts).Select(pair => pair.Protocol)];
        IEnumerable<string> named = alike.Where(pair => !pair.IsForOtherPorts).Select(Port);
        return string.Join(", ", s_protocols.All(other.Contains) ? named.Append("all others") : named.Concat(alike.Where(pair => pair.IsForOtherPorts).Select(Port)));
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
