using Weft.Bench.Topologies;
using Weft.Bench.Traffic;

namespace Weft.Bench.Measurements;

/// <summary>Runs every row on every topology, the topologies in turn within each repetition, so that drift of the machine hits all alike.</summary>
internal sealed class DatapathComparison(IReadOnlyList<DatapathRow> rows, IReadOnlyList<ITopology> topologies, TrafficPlan plan)
{
    private readonly Dictionary<(string Row, string Topology), Sample> _samples = [];

    public Sample this[DatapathRow row, ITopology topology] => _samples[(row.Name, topology.Name)];

    /// <param name="progress">Told of each measurement before it begins.</param>
    public void Run(int repetitions, Action<string> progress)
    {
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            foreach (DatapathRow row in rows)
            {
                foreach (ITopology topology in topologies)
                {
                    progress($"{row.Name} on {topology.Name} ({repetition + 1} of {repetitions})");
                    Add(row, topology, row.Measure(topology.Pods, plan));
                }
            }
        }
    }

    private void Add(DatapathRow row, ITopology topology, double value)
    {
        if (!_samples.TryGetValue((row.Name, topology.Name), out Sample? sample))
        {
            _samples[(row.Name, topology.Name)] = sample = new Sample();
        }

        sample.Add(value);
    }
}
