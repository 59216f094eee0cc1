using System.Globalization;
using Weft.Bench.Reporting;
using Weft.Bench.Topologies;
using Weft.Model.Identities;
using Weft.Policy.Resolution;

namespace Weft.Bench.Measurements;

/// <summary>From policies and identities to tables, in one engine, and from tables to the kernel's maps.</summary>
internal static class PolicyResolutionFigures
{
    private const int Newcomers = 300;
    private const int Endpoints = 100;

    /// <summary>Of all policies, in milliseconds.</summary>
    private const double AllTarget = 2000;

    /// <summary>Of an identity more, in milliseconds.</summary>
    private const double OneTarget = 5;

    private static readonly string s_size =
        string.Create(CultureInfo.InvariantCulture, $"{PolicyCluster.Policies:N0} policies and {PolicyCluster.Identities:N0} identities");

    public static IEnumerable<Figure> Measure(BenchOptions options, Action<string> progress)
    {
        PolicyCluster cluster = new();
        return
        [
            .. Resolutions(options, cluster, "every identity a subject", PolicyCluster.Identities, AllTarget, progress),
            .. Resolutions(options, cluster, $"{Endpoints} of them subjects", Endpoints, target: null, progress),
            .. Maps(options, cluster, progress),
        ];
    }

    /// <param name="subjects">Of all identities; no node has all of them, which is the hardest case.</param>
    private static IEnumerable<Figure> Resolutions(
        BenchOptions options, PolicyCluster cluster, string which, int subjects, double? target, Action<string> progress)
    {
        Sample all = new();
        Sample resolving = new();
        Sample one = new();
        for (int repetition = 0; repetition < options.Repetitions; repetition++)
        {
            progress($"policies resolved, {which} ({repetition + 1} of {options.Repetitions})");
            GC.Collect();
            PolicyEngine engine = null!;
            double putting = Timing.Milliseconds(() => engine = cluster.Fill(PolicyCluster.Some(subjects)));
            double resolved = Timing.Milliseconds(() => engine.Resolve());
            resolving.Add(resolved);
            all.Add(putting + resolved);
            // What lives long is told from garbage once; otherwise that falls on one of those that come now.
            GC.Collect();
            for (int newcomer = 0; newcomer < Newcomers; newcomer++)
            {
                one.Add(Timing.Milliseconds(() =>
                {
                    cluster.AddNewcomer(engine);
                    engine.Resolve();
                }));
            }
        }

        yield return Of($"{s_size}, {which}: put and resolved", Spread.Of(all), target);
        yield return Of($"{s_size}, {which}: resolving alone", Spread.Of(resolving), target: null);
        yield return Of($"one identity more, {which}, p50", Spread.Of(one), OneTarget);
        yield return Of($"one identity more, {which}, p99", Spread.Single(one.Percentile(0.99)), OneTarget);
        yield return Of(string.Create(CultureInfo.InvariantCulture, $"one identity more, {which}, most of {one.Count:N0}"), Spread.Single(one.Maximum), OneTarget);
    }

    /// <summary>On a node with endpoints of as many namespaces, a table each.</summary>
    private static IEnumerable<Figure> Maps(BenchOptions options, PolicyCluster cluster, Action<string> progress)
    {
        progress($"tables of {Endpoints} endpoints into the kernel");
        using PolicyDatapath node = new(Path.Combine(Path.GetDirectoryName(options.Weft)!, "weft-agent"));
        Identity[] identities = [.. PolicyCluster.Some(Endpoints)];
        PolicyEngine engine = cluster.Fill(identities);
        engine.Resolve();
        Sample put = new();
        for (int repetition = 0; repetition < options.Repetitions; repetition++)
        {
            Action remove = static () => { };
            put.Add(Timing.Milliseconds(() => remove = node.GiveMany(engine, identities)));
            remove();
        }

        PolicyTable[] tables = [.. identities.Select(engine.TableOf).Distinct()];
        yield return Of(
            string.Create(CultureInfo.InvariantCulture, $"{tables.Length} tables, of {tables.Average(table => table.Count):F0} entries each, into maps for {Endpoints} endpoints"),
            Spread.Of(put), target: null);
    }

    private static Figure Of(string subject, Spread milliseconds, double? target) =>
        new(PolicyFigures.Name, subject, "ms", milliseconds, Baseline: null, Ratio: null, target);
}
