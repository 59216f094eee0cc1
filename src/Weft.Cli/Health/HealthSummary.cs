using System.Globalization;
using Weft.Api.Health;
using Weft.Cli.Output;

namespace Weft.Cli.Health;

/// <summary>The cluster's health in a line, and a line for each node, as users of Cilium know them.</summary>
internal static class HealthSummary
{
    /// <summary><c>2/2 reachable   (2026-11-22T20:44:11Z)</c>; a node that is not known to be reachable is not counted so.</summary>
    public static string Line(HealthStatusResponse health) =>
        $"{health.Nodes.Count(node => node.IsReachable())}/{health.Nodes.Count} reachable   ({Time(health.Timestamp)})";

    /// <summary>The node that probed first, the others by name.</summary>
    public static IReadOnlyList<NodeHealthStatus> Ordered(HealthStatusResponse health) =>
        [.. health.Nodes.OrderByDescending(node => IsLocal(health, node)).ThenBy(node => node.Name, StringComparer.Ordinal)];

    /// <summary>As opposed to unknown.</summary>
    public static bool IsUnreachable(NodeHealthStatus node) =>
        node.HostReachability() == Reachability.Unreachable || node.EndpointReachability() == Reachability.Unreachable;

    public static void WriteTable(TextWriter output, HealthStatusResponse health, IEnumerable<NodeHealthStatus> nodes)
    {
        TextTable table = new(indent: 2);
        table.Add("Name", "IP", "Node", "Endpoints");
        foreach (NodeHealthStatus node in nodes)
        {
            table.Add(
                NameOf(health, node),
                node.Host?.PrimaryAddress?.Ip ?? "Unavailable",
                Text(node.HostReachability()),
                node.HealthEndpoint is null ? "none" : Text(node.EndpointReachability()));
        }

        if (table.Count > 1)
        {
            table.Write(output);
        }
    }

    public static string NameOf(HealthStatusResponse health, NodeHealthStatus node) =>
        IsLocal(health, node) ? $"{node.Name} (localhost)" : node.Name;

    public static string Time(DateTimeOffset time) =>
        time == default ? "never probed" : time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static bool IsLocal(HealthStatusResponse health, NodeHealthStatus node) => node.Name == health.Local?.Name;

    private static string Text(Reachability reachability) => reachability switch
    {
        Reachability.Reachable => "reachable",
        Reachability.Unreachable => "unreachable",
        _ => "unknown",
    };
}
