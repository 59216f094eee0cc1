using Weft.Bench.Measurements;
using Weft.Bench.Traffic;

namespace Weft.Bench;

/// <param name="Weft">Absolute path of the published command line.</param>
/// <param name="Only">Names of figures to measure; empty: all.</param>
internal sealed record BenchOptions(string Weft, int Repetitions, TrafficPlan Plan, IReadOnlyCollection<string> Only, bool Json)
{
    /// <summary>Those that are measured in a lab.</summary>
    public static readonly IReadOnlyList<string> LabFigures = [.. DatapathRow.All.Select(row => row.Name), ProgramFigures.Name, .. FlowFigures.Names, TraceFigures.Name, EventFigures.Name];

    public static readonly IReadOnlyList<string> Figures = [.. LabFigures, ScaleFigures.Name, PolicyFigures.Name, AgentFigures.Name, CniFigures.Name, EtcdFigures.Name, RuntimeFigures.Name];

    public bool Wants(string figure) => Only.Count == 0 || Only.Contains(figure, StringComparer.Ordinal);
}
