using Weft.Bench.Reporting;
using Weft.Bench.Topologies;
using Weft.Bench.Traffic;

namespace Weft.Bench.Measurements;

/// <summary>
/// Runs every row on every path, the paths in turn within each repetition and the other way round in the next, so that neither the machine's drift
/// nor what a measurement leaves behind (caches, timers, sockets) falls on the same path each time.
/// </summary>
internal sealed class DatapathComparison(IReadOnlyList<DatapathRow> rows, IReadOnlyList<TrafficPath> paths, TrafficPlan plan)
{
    private readonly Dictionary<(string Row, string Path), Sample> _samples = [];

    /// <param name="progress">Told of each measurement before it begins.</param>
    public void Run(int repetitions, Action<string> progress)
    {
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            foreach (DatapathRow row in rows)
            {
                foreach (TrafficPath path in repetition % 2 == 0 ? paths : paths.Reverse())
                {
                    progress($"{row.Name}, {path.Name} ({repetition + 1} of {repetitions})");
                    using CgroupStay stay = new(path.Cgroup);
                    Add(row, path, row.Measure(path.Pods, plan));
                }
            }
        }
    }

    /// <summary>What came out for one path, beside another of the same run.</summary>
    /// <param name="name">Of the figure.</param>
    /// <param name="text">What the tables call it.</param>
    public Figure FigureOf(string name, string text, DatapathRow row, TrafficPath subject, TrafficPath baseline, double? target)
    {
        Sample measured = _samples[(row.Name, subject.Name)];
        Sample ratio = row.Ratio(measured, _samples[(row.Name, baseline.Name)]);
        return new Figure(name, text, row.Unit, Spread.Of(measured), baseline.Name, Spread.Of(ratio), target);
    }

    private void Add(DatapathRow row, TrafficPath path, double value)
    {
        if (!_samples.TryGetValue((row.Name, path.Name), out Sample? sample))
        {
            _samples[(row.Name, path.Name)] = sample = new Sample();
        }

        sample.Add(value);
    }
}
