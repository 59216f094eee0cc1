using Weft.Abi;

namespace Weft.Cli.Maps;

/// <summary>One counter of the datapath, all CPUs together.</summary>
internal sealed record MetricsRow(string Reason, byte ReasonCode, string Direction, ulong Packets, ulong Bytes)
{
    public static MetricsRow From(uint index, in MetricValue sum)
    {
        (DropReason reason, MetricDirection direction) = MetricValue.FromIndex(index);
        return new MetricsRow(
            DropReasons.Text(reason), (byte)reason, direction.ToString().ToUpperInvariant(), sum.Packets, sum.Bytes);
    }
}
