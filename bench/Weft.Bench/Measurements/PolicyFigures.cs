using Weft.Bench.Reporting;

namespace Weft.Bench.Measurements;

/// <summary>What network policy costs packets and pods, and how soon a change of it holds.</summary>
internal static class PolicyFigures
{
    public const string Name = "policy";

    public static IEnumerable<Figure> Measure(BenchOptions options, Action<string> progress) => options.Wants(Name)
        ?
        [
            .. PolicyPacketFigures.Measure(options, progress),
            .. PolicyChangeFigures.Measure(options, progress),
            .. PolicyResolutionFigures.Measure(options, progress),
            .. PolicyPodFigures.Measure(options, progress),
        ]
        : [];
}
