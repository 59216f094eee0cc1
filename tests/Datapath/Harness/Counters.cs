using Weft.Abi;
using Weft.Bpf.Maps;

namespace Datapath.Harness;

/// <summary>The datapath's counters: packets and bytes by reason and direction, over all CPUs.</summary>
internal static class Counters
{
    /// <summary>Every counter that a program may change: reading all that the map has room for would make the tests slow.</summary>
    private static readonly (DropReason, MetricDirection)[] s_all =
        [.. from reason in Enum.GetValues<DropReason>() from direction in Enum.GetValues<MetricDirection>() select (reason, direction)];

    public static Dictionary<(DropReason Reason, MetricDirection Direction), MetricValue> Read(ProgramObjects programs)
    {
        PerCpuMap<uint, MetricValue> map = programs.Map("weft_metrics").AsPerCpu<uint, MetricValue>();
        Dictionary<(DropReason, MetricDirection), MetricValue> counters = [];
        foreach ((DropReason reason, MetricDirection direction) in s_all)
        {
            _ = map.TryAggregate(MetricValue.IndexOf(reason, direction), default(MetricValue), Add, out MetricValue sum);
            counters.Add((reason, direction), sum);
        }

        return counters;
    }

    /// <summary>Those that differ, by how much.</summary>
    public static Dictionary<(DropReason Reason, MetricDirection Direction), MetricValue> Between(
        Dictionary<(DropReason Reason, MetricDirection Direction), MetricValue> before,
        Dictionary<(DropReason Reason, MetricDirection Direction), MetricValue> after)
    {
        Dictionary<(DropReason, MetricDirection), MetricValue> changes = [];
        foreach (((DropReason, MetricDirection) key, MetricValue now) in after)
        {
            MetricValue then = before[key];
            if (now != then)
            {
                changes.Add(key, new MetricValue { Packets = now.Packets - then.Packets, Bytes = now.Bytes - then.Bytes });
            }
        }

        return changes;
    }

    private static MetricValue Add(MetricValue sum, MetricValue value) =>
        new() { Packets = sum.Packets + value.Packets, Bytes = sum.Bytes + value.Bytes };
}
