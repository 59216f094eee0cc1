using Weft.Bench.Reporting;
using Weft.Bench.Topologies;

namespace Weft.Bench.Measurements;

/// <summary>Traffic between two pods on two nodes: Weft against the kernel's VXLAN and against no overlay at all.</summary>
internal static class DatapathFigures
{
    /// <summary>Of the kernel's VXLAN in every row.</summary>
    private const double Target = 0.9;

    public static IEnumerable<Figure> Measure(BenchOptions options, WeftLab lab, Action<string> progress)
    {
        DatapathRow[] rows = [.. DatapathRow.All.Where(row => options.Wants(row.Name))];
        if (rows.Length == 0)
        {
            return [];
        }

        using KernelVxlan vxlan = new();
        using PlainRouting plain = new();
        DatapathComparison comparison = new(rows, [lab, vxlan, plain], options.Plan);
        comparison.Run(options.Repetitions, progress);
        return [.. rows.SelectMany(row => Figures(comparison, row, lab, vxlan, plain))];
    }

    private static IEnumerable<Figure> Figures(DatapathComparison comparison, DatapathRow row, ITopology lab, ITopology vxlan, ITopology plain) =>
    [
        FigureOf(comparison, row, lab, vxlan, Target),
        FigureOf(comparison, row, lab, plain, target: null),
        FigureOf(comparison, row, vxlan, plain, target: null),
    ];

    private static Figure FigureOf(DatapathComparison comparison, DatapathRow row, ITopology subject, ITopology baseline, double? target)
    {
        Sample measured = comparison[row, subject];
        Sample ratio = row.Ratio(measured, comparison[row, baseline]);
        return new Figure(row.Name, subject.Name, row.Unit, Spread.Of(measured), baseline.Name, Spread.Of(ratio), target);
    }
}
