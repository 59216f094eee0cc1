using System.Text.Json;
using Spectre.Console;

namespace Weft.Bench.Reporting;

/// <summary>All figures of a run, printed as a table or as JSON.</summary>
internal sealed record Report(DateTimeOffset Time, Machine Machine, int Repetitions, IReadOnlyList<Figure> Figures)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Columns that the tables need; a file or pipe says nothing of its own.</summary>
    private const int Width = 170;

    public void Print(IAnsiConsole console)
    {
        console.Profile.Width = Math.Max(console.Profile.Width, Width);
        console.WriteLine($"{Machine.Processor}, {Machine.Cpus} CPUs, Linux {Machine.Kernel}, {Machine.Runtime}; medians of {Repetitions} (least..most)");
        console.WriteLine("A ratio of 1 is the baseline of the same run; more is better in every row.");
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumns("figure", "of", "value", "spread", "unit", "against", "ratio", "spread", "asked for");
        foreach (Figure figure in Figures)
        {
            table.AddRow(
                Markup.Escape(figure.Name), Markup.Escape(figure.Subject), figure.Value.MedianText, figure.Value.RangeText, figure.Unit,
                figure.Baseline ?? "-", figure.Ratio?.MedianText ?? "-", figure.Ratio?.RangeText ?? "-", TargetOf(figure));
        }

        console.Write(table);
    }

    public void PrintJson(TextWriter output) => output.WriteLine(JsonSerializer.Serialize(this, Indented));

    private static string TargetOf(Figure figure)
    {
        if (figure.Target is not double target)
        {
            return "-";
        }

        string asked = $"{(figure.Ratio is null ? "at most" : "at least")} {Spread.Text(target)}";
        return figure.Reached == true ? $"[green]{asked}: reached[/]" : $"[red]{asked}: missed[/]";
    }
}
