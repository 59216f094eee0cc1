using Weft.Cli.Output;
using Weft.Lab.State;

namespace Weft.Cli.Lab;

/// <summary>How labs are, in tables; those without IPv6 have no columns for it.</summary>
internal static class LabStatusText
{
    public static void Write(TextWriter output, IReadOnlyList<LabReport> reports)
    {
        if (reports.Count == 0)
        {
            output.WriteLine("no lab is up ('weft lab up' makes one)");
        }

        foreach ((int index, LabReport report) in reports.Index())
        {
            if (index > 0)
            {
                output.WriteLine();
            }

            Write(output, report);
        }
    }

    private static void Write(TextWriter output, LabReport report)
    {
        string phase = report.Phase == LabPhase.Up ? "up" : "unfinished ('weft lab up' or 'weft lab down' cleans it up)";
        output.WriteLine($"Lab {report.Name}: {phase}");
        output.WriteLine();
        bool ipv6 = report.Nodes.Any(node => node.Address6 is not null || node.PodCidr6 is not null);
        Nodes(report, ipv6).Write(output);
        output.WriteLine();
        Pods(report, ipv6).Write(output);
        if (report.Outside.Length > 0)
        {
            output.WriteLine();
            Outside(report, ipv6).Write(output);
        }

        if (report.Etcd is { } etcd)
        {
            output.WriteLine();
            output.WriteLine(etcd.Pid is { } pid
                ? $"Store: etcd {etcd.Endpoint}, process {pid}"
                : $"Store: etcd {etcd.Endpoint} does not run ('weft lab up --lab {report.Name}' starts it; its log: {etcd.Log})");
        }

        foreach (NodeReport node in report.Nodes.Where(node => node.Problem is not null))
        {
            output.WriteLine();
            output.WriteLine($"{node.Name}: {node.Problem} (its log: {node.Log})");
        }
    }

    private static TextTable Nodes(LabReport report, bool ipv6)
    {
        TextTable table = new();
        table.Add(["NODE", "ADDRESS", .. If(ipv6, "IPV6 ADDRESS"), "POD CIDR", .. If(ipv6, "IPV6 POD CIDR"), "AGENT", "NETWORK NAMESPACE"]);
        foreach (NodeReport node in report.Nodes)
        {
            table.Add([node.Name, node.Address, .. If(ipv6, node.Address6), node.PodCidr, .. If(ipv6, node.PodCidr6), AgentOf(node), node.Netns]);
        }

        return table;
    }

    private static TextTable Pods(LabReport report, bool ipv6)
    {
        TextTable table = new();
        table.Add(["POD", "NODE", "ADDRESS", .. If(ipv6, "IPV6 ADDRESS"), "ENDPOINT", "IDENTITY", "STATE", "LABELS"]);
        foreach ((NodeReport node, PodReport pod) in report.Nodes.SelectMany(node => node.Pods, (node, pod) => (node, pod)))
        {
            table.Add(
            [
                pod.Name, node.Name, pod.Address ?? "-", .. If(ipv6, pod.Address6), $"{pod.Endpoint}", $"{pod.Identity}", pod.State,
                string.Join(',', pod.Labels),
            ]);
        }

        return table;
    }

    private static TextTable Outside(LabReport report, bool ipv6)
    {
        TextTable table = new();
        table.Add(["OUTSIDE HOST", "ADDRESS", .. If(ipv6, "IPV6 ADDRESS"), "STATE", "NETWORK NAMESPACE"]);
        foreach (OutsideReport host in report.Outside)
        {
            table.Add([host.Name, host.Address, .. If(ipv6, host.Address6), host.Exists ? "up" : "missing", host.Netns]);
        }

        return table;
    }

    /// <summary>A cell of a column that only some labs have.</summary>
    private static string[] If(bool shown, string? text) => shown ? [text ?? "-"] : [];

    private static string AgentOf(NodeReport node) => (node.AgentPid, node.Problem) switch
    {
        (null, _) => "not running",
        ({ } pid, null) => $"ready, pid {pid}",
        ({ } pid, _) => $"silent, pid {pid}",
    };
}
