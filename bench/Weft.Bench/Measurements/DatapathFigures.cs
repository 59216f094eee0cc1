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

        using KernelVxlan vxlanTopology = new();
        using PlainRouting plainTopology = new();
        TrafficPath weft = new(lab.Name, lab.Pods);
        TrafficPath vxlan = new(vxlanTopology.Name, vxlanTopology.Pods);
        TrafficPath plain = new(plainTopology.Name, plainTopology.Pods);
        DatapathComparison comparison = new(rows, [weft, vxlan, plain], options.Plan);
        comparison.Run(options.Repetitions, progress);
        return
        [
            .. rows.SelectMany(row => new[]
            {
                comparison.FigureOf(row.Name, weft.Name, row, weft, vxlan, Target),
                comparison.FigureOf(row.Name, weft.Name, row, weft, plain, target: null),
                comparison.FigureOf(row.Name, vxlan.Name, row, vxlan, plain, target: null),
            }),
        ];
    }
}
