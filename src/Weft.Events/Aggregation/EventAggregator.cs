using Weft.Abi;
using Weft.Events.Hops;
using Weft.Packets;

namespace Weft.Events;

/// <summary>Decides which events of one node are printed and counts the others by flow.</summary>
/// <remarks>
/// Holds at most <see cref="MaxFlows"/> flows; the one that was quiet longest makes room, and what was counted of it is handed out first. Drops
/// are counted together only at <see cref="AggregationLevel.Max"/>; of verdicts on a flow each is printed that differs. Not thread-safe.
/// </remarks>
public sealed class EventAggregator(AggregationLevel level, EventNames names)
{
    /// <summary>Flows and points that are known at a time.</summary>
    public const int MaxFlows = 8192;

    /// <summary>What was counted of a flow is handed out this often, in nanoseconds of event time: the interval that Cilium's datapath has.</summary>
    public const ulong ReportInterval = 5_000_000_000;

    private const TcpFlags Telling = TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst;

    private readonly Dictionary<Key, Flow> _flows = [];
    private readonly PriorityQueue<Key, ulong> _quiet = new();
    private readonly Dictionary<ushort, bool> _lastOnCpu = [];
    private readonly List<FoldedEvents> _reports = [];

    /// <param name="Place">Type, point and reason: what must be equal for two events to be told as one.</param>
    /// <param name="Rule">Of a policy verdict: a flow that another rule decides of is news.</param>
    private sealed record Key(int Place, ushort Source, ushort Destination, FlowKey? Flow, ushort OtherType, uint Rule);

    private sealed class Flow
    {
        public TcpFlags Seen { get; set; }

        public ulong Count { get; set; }

        public ulong Bytes { get; set; }

        public ulong First { get; set; }

        public ulong Last { get; set; }

        public ulong Reported { get; set; }

        public byte[] Sample { get; set; } = [];
    }

    /// <summary>Whether an event is printed. Else it is counted.</summary>
    /// <param name="record">The event.</param>
    /// <param name="bytes">Its bytes.</param>
    public bool Shows(in EventRecord record, ReadOnlySpan<byte> bytes)
    {
        if (level == AggregationLevel.None)
        {
            return true;
        }

        if (record.Type == EventType.Debug)
        {
            // About the packet that the CPU works on: as that.
            return _lastOnCpu.GetValueOrDefault(record.Header.Cpu, true) || Fold(new Key((int)EventType.Debug, 0, 0, null, 0, 0), record, bytes, TcpFlags.None);
        }

        bool shows = ShowsPacket(record, bytes);
        _lastOnCpu[record.Header.Cpu] = shows;
        return shows;
    }

    /// <summary>What was counted and is due by the time of events; with <paramref name="all"/> also what is not due yet.</summary>
    public IReadOnlyList<FoldedEvents> TakeReports(ulong now, bool all = false)
    {
        foreach (Flow flow in _flows.Values)
        {
            if (flow.Count > 0 && (all || now - flow.Reported >= ReportInterval))
            {
                Report(flow, now);
            }
        }

        FoldedEvents[] reports = [.. _reports.OrderBy(report => report.First)];
        _reports.Clear();
        return reports;
    }

    private bool ShowsPacket(in EventRecord record, ReadOnlySpan<byte> bytes)
    {
        bool isDrop = record.Type == EventType.Drop;
        bool comesIn = record.Type == EventType.Trace && (TracePoint)record.Header.Subtype
            is TracePoint.FromEndpoint or TracePoint.FromHost or TracePoint.FromNetwork or TracePoint.FromOverlay or TracePoint.FromProxy or TracePoint.FromStack;
        if ((isDrop || (level == AggregationLevel.Low && !comesIn)) && level != AggregationLevel.Max)
        {
            return true;
        }

        PacketFacts facts = PacketFacts.Read(record.Packet, record.FirstLayer, names.TunnelPort);
        Key key = KeyOf(record, facts);
        TcpFlags flags = (facts.TcpFlags ?? TcpFlags.None) & Telling;
        if (comesIn && level != AggregationLevel.Max)
        {
            return Fold(key, record, bytes, flags);
        }

        bool isNew = !_flows.TryGetValue(key, out Flow? flow) || (flags & ~flow.Seen) != 0;
        if (!isNew)
        {
            return Fold(key, record, bytes, flags);
        }

        Find(key, record.Header.Time).Seen |= flags;
        return true;
    }

    private Key KeyOf(in EventRecord record, PacketFacts facts)
    {
        ushort other = facts.Flow is null ? TypeOf(record) : (ushort)0;
        uint rule = record.Type == EventType.Policy ? record.Policy.Rule : 0;
        int place = ((int)record.Type << 8) | record.Header.Subtype;
        if (level != AggregationLevel.Max)
        {
            return new Key(place, record.Header.Source, record.DestinationId, facts.Flow, other, rule);
        }

        FlowKey? connection = facts.Flow is { } flow && IsGreater(flow) ? flow.Reverse : facts.Flow;
        return record.Type switch
        {
            // Both ends of a connection may judge it.
            EventType.Policy => new Key(place, record.Header.Source, 0, connection, other, rule),
            EventType.Drop => new Key(place, 0, 0, connection, other, 0),
            _ => new Key((int)EventType.Trace << 8, 0, 0, connection, other, 0),
        };
    }

    /// <summary>Both ways of a connection get the same key.</summary>
    private static bool IsGreater(FlowKey flow)
    {
        int order = flow.Source.GetAddressBytes().AsSpan().SequenceCompareTo(flow.Destination.GetAddressBytes());
        return order > 0 || (order == 0 && flow.SourcePort > flow.DestinationPort);
    }

    private ushort TypeOf(in EventRecord record)
    {
        LayerReader layers = record.Layers(names.TunnelPort);
        while (layers.Next())
        {
        }

        return layers.NextType;
    }

    private bool Fold(Key key, in EventRecord record, ReadOnlySpan<byte> bytes, TcpFlags flags)
    {
        Flow flow = Find(key, record.Header.Time);
        flow.Seen |= flags;
        flow.First = flow.Count == 0 ? record.Header.Time : flow.First;
        flow.Last = record.Header.Time;
        flow.Count++;
        flow.Bytes += record.LengthOnWire;
        flow.Sample = bytes.Length == flow.Sample.Length ? flow.Sample : new byte[bytes.Length];
        bytes.CopyTo(flow.Sample);
        return false;
    }

    private Flow Find(Key key, ulong now)
    {
        if (_flows.TryGetValue(key, out Flow? flow))
        {
            return flow;
        }

        while (_flows.Count >= MaxFlows)
        {
            MakeRoom(now);
        }

        _quiet.Enqueue(key, now);
        return _flows[key] = new Flow { Reported = now, Last = now };
    }

    /// <summary>The queue has the time at which a flow came; one that was busy since goes back into it.</summary>
    private void MakeRoom(ulong now)
    {
        if (!_quiet.TryDequeue(out Key? key, out ulong when) || !_flows.TryGetValue(key, out Flow? flow))
        {
            return;
        }

        if (flow.Last > when)
        {
            _quiet.Enqueue(key, flow.Last);
            return;
        }

        if (flow.Count > 0)
        {
            Report(flow, now);
        }

        _flows.Remove(key);
    }

    private void Report(Flow flow, ulong now)
    {
        _reports.Add(new FoldedEvents(flow.Count, flow.Bytes, flow.First, flow.Last, flow.Sample.ToArray()));
        (flow.Count, flow.Bytes, flow.Reported) = (0, 0, now);
    }
}
