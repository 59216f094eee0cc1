using System.Globalization;
using Weft.Bench.Measurements;

namespace Weft.Bench.Reporting;

/// <summary>Median, least and most of several repetitions.</summary>
internal readonly record struct Spread(double Median, double Least, double Most)
{
    public static Spread Of(Sample sample) => new(sample.Median, sample.Minimum, sample.Maximum);

    /// <summary>A single value, of which there is no spread.</summary>
    public static Spread Single(double value) => new(value, value, value);

    public string RangeText => Least == Most ? "-" : $"{Text(Least)}..{Text(Most)}";

    public string MedianText => Text(Median);

    public static string Text(double value) => value.ToString(Math.Abs(value) >= 1000 ? "N0" : "0.##", CultureInfo.InvariantCulture);
}
