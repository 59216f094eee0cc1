using Weft.Abi;

namespace Weft.Datapath.Metrics;

/// <summary>How many packets went one way for one reason since the maps were made, all CPUs together.</summary>
public readonly record struct MetricRow(DropReason Reason, MetricDirection Direction, ulong Packets, ulong Bytes);
