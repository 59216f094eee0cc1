using Weft.Bench.Topologies;
using Weft.Bench.Traffic;

namespace Weft.Bench.Measurements;

/// <summary>One line of the datapath table.</summary>
/// <param name="LowerIsBetter">Latencies: the ratio is turned round, so that 1 and more always means at least as good as the baseline.</param>
internal sealed record DatapathRow(string Name, string Unit, bool LowerIsBetter, Func<PodPair, TrafficPlan, double> Measure)
{
    public static readonly IReadOnlyList<DatapathRow> All =
    [
        new("tcp-1", "Gbit/s", false, (pods, plan) => TcpStream.Measure(pods, plan, streams: 1)),
        new("tcp-4", "Gbit/s", false, (pods, plan) => TcpStream.Measure(pods, plan, streams: 4)),
        new("udp-64", "packets/s", false, UdpSmall.Measure),
        new("tcp-rr", "us", true, RequestResponse.Measure),
        new("tcp-crr", "connections/s", false, NewConnections.Measure),
    ];

    /// <summary>Rows by name, in the order asked for.</summary>
    public static IReadOnlyList<DatapathRow> Named(params string[] names) => [.. names.Select(name => All.First(row => row.Name == name))];

    public Sample Ratio(Sample measured, Sample baseline) => LowerIsBetter ? baseline.Over(measured) : measured.Over(baseline);
}
