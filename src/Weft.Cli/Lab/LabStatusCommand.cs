using System.CommandLine;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
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
            LabStatusText.Write(invocation.Output, reports);
        }

        return reports.All(report => report.IsHealthy) ? ExitCode.Success : ExitCode.Failure;
    }
}
