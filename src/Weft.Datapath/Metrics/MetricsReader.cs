using Weft.Abi;
using Weft.Bpf;
using Weft.Bpf.Maps;

namespace Weft.Datapath.Metrics;

/// <summary>Reads the datapath's counters.</summary>
public static class MetricsReader
{
    /// <summary>All counters that are not zero, by reason and direction.</summary>
    public static IReadOnlyList<MetricRow> Read(PerCpuMap<uint, MetricValue> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        List<MetricRow> rows = [];
        Span<MetricValue> perCpu = new MetricValue[PossibleCpus.Count];
        for (uint index = 0; index < map.Untyped.Schema.MaxEntries; index++)
        {
            if (!map.TryLookup(index, perCpu))
            {
                continue;
            }

            ulong packets = 0;
            ulong bytes = 0;
            foreach (ref readonly MetricValue value in (ReadOnlySpan<MetricValue>)perCpu)
            {
                packets += value.Packets;
                bytes += value.Bytes;
            }

            if (packets != 0)
            {
                (DropReason reason, MetricDirection direction) = MetricValue.FromIndex(index);
                rows.Add(new MetricRow(reason, direction, packets, bytes));
            }
        }

        return rows;
    }
}
