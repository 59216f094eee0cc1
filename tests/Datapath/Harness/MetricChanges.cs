using Weft.Abi;

namespace Datapath.Harness;

/// <summary>What a run added to the counters.</summary>
internal static class MetricChanges
{
    public static Dictionary<(DropReason Reason, MetricDirection Direction), MetricValue> Between(
        Dictionary<(DropReason Reason, MetricDirection Direction), MetricValue> before,
        Dictionary<(DropReason Reason, MetricDirection Direction), MetricValue> after)
    {
        Dictionary<(DropReason, MetricDirection), MetricValue> changes = [];
        foreach (((DropReason, MetricDirection) key, MetricValue now) in after)
        {
            MetricValue then = before.GetValueOrDefault(key);
            if (now != then)
            {
                changes.Add(key, new MetricValue { Packets = now.Packets - then.Packets, Bytes = now.Bytes - then.Bytes });
            }
        }

        return changes;
    }
}
