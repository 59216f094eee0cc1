namespace Weft.Bench.Measurements;

/// <summary>Repetitions of one figure: median and spread.</summary>
internal sealed class Sample
{
    private readonly List<double> _values = [];

    public int Count => _values.Count;

    public double Median => Percentile(0.5);

    public double Minimum => _values.Min();

    public double Maximum => _values.Max();

    public void Add(double value) => _values.Add(value);

    /// <summary>Nearest-rank percentile, 0 to 1.</summary>
    public double Percentile(double fraction)
    {
        if (_values.Count == 0)
        {
            return double.NaN;
        }

        double[] sorted = [.. _values.Order()];
        if (fraction == 0.5 && sorted.Length % 2 == 0)
        {
            return (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
        }

        return sorted[Math.Clamp((int)Math.Ceiling(fraction * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    /// <summary>Ratios of paired repetitions, this over <paramref name="baseline"/>, so that drift of the machine cancels.</summary>
    public Sample Over(Sample baseline)
    {
        Sample ratios = new();
        for (int index = 0; index < Math.Min(Count, baseline.Count); index++)
        {
            ratios.Add(_values[index] / baseline._values[index]);
        }

        return ratios;
    }
}
