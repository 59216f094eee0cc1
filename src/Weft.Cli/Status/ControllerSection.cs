using System.Globalization;
using Weft.Api.Status;
using Weft.Cli.Output;

namespace Weft.Cli.Status;

/// <summary>The controllers' part of the status: a count, and a table of those that fail (verbose: of all).</summary>
internal static class ControllerSection
{
    public static string Summary(IReadOnlyList<ControllerStatus>? controllers)
    {
        int total = controllers?.Count ?? 0;
        return $"{total - controllers?.Count(IsFailing) ?? 0}/{total} healthy";
    }

    public static void WriteTable(TextWriter output, IReadOnlyList<ControllerStatus>? controllers, TimeProvider clock, bool all)
    {
        TextTable table = new(indent: 2);
        table.Add("Name", "Last success", "Last error", "Count", "Message");
        foreach (ControllerStatus controller in (controllers ?? []).OrderBy(c => c.Name, StringComparer.Ordinal))
        {
            if (!all && !IsFailing(controller))
            {
                continue;
            }

            ControllerRunStatus run = controller.Status ?? new ControllerRunStatus();
            table.Add(
                controller.Name,
                Durations.Ago(run.LastSuccessTimestamp, clock),
                Durations.Ago(run.LastFailureTimestamp, clock),
                run.ConsecutiveFailureCount.ToString(CultureInfo.InvariantCulture),
                IsFailing(controller) ? run.LastFailureMessage ?? "" : "no error");
        }

        if (table.Count > 1)
        {
            table.Write(output);
        }
    }

    private static bool IsFailing(ControllerStatus controller) => controller.Status is { ConsecutiveFailureCount: > 0 };
}
