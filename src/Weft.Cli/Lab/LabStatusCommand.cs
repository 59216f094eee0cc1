using System.CommandLine;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;
using Weft.Lab.State;

namespace Weft.Cli.Lab;

/// <summary><c>weft lab status</c>.</summary>
internal static class LabStatusCommand
{
    public static Command Create(CommandFactory factory)
    {
        WeftCommand command = new(
            "status",
            "Shows the labs of this machine: their nodes, agents and pods. Fails if something is missing.",
            new Example("weft lab status", "all labs"),
            new Example("weft lab status --lab mine -o json", "one of them, for a script"));
        factory.SetAction(command, RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> labs = invocation.Lab is null ? LabDirectory.List() : [LabChoice.Existing(invocation)];
        LabReport[] reports = await Task.WhenAll(labs.Select(lab => LabReporter.ReadAsync(lab, cancellationToken)));
        if (invocation.AsJson)
        {
            invocation.WriteJson(reports, LabJson.Default.LabReportArray);
        }
        else
        {
            Write(invocation.Output, reports);
        }

        return reports.All(report => report.IsHealthy) ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Write(TextWriter output, LabReport[] reports)
    {
        if (reports.Length == 0)
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
        TextTable nodes = new();
        nodes.Add("NODE", "ADDRESS", "POD CIDR", "AGENT", "NETWORK NAMESPACE");
        foreach (NodeReport node in report.Nodes)
        {
            nodes.Add(node.Name, node.Address, node.PodCidr, AgentOf(node), node.Netns);
        }

        nodes.Write(output);
        output.WriteLine();
        TextTable pods = new();
        pods.Add("POD", "NODE", "ADDRESS", "ENDPOINT", "IDENTITY", "STATE", "LABELS");
        foreach (NodeReport node in report.Nodes)
        {
            foreach (PodReport pod in node.Pods)
            {
                pods.Add(pod.Name, node.Name, pod.Address ?? "-", $"{pod.Endpoint}", $"{pod.Identity}", pod.State, string.Join(',', pod.Labels));
            }
        }

        pods.Write(output);
        foreach (NodeReport node in report.Nodes.Where(node => node.Problem is not null))
        {
            output.WriteLine();
            output.WriteLine($"{node.Name}: {node.Problem} (its log: {node.Log})");
        }
    }

    private static string AgentOf(NodeReport node) => (node.AgentPid, node.Problem) switch
    {
        (null, _) => "not running",
        ({ } pid, null) => $"ready, pid {pid}",
        ({ } pid, _) => $"silent, pid {pid}",
    };
}
