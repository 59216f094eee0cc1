using Weft.Abi;

namespace Weft.Events;

/// <summary>Applies a filter to the events of one node in their order, so that debug messages go with the packet that they are about.</summary>
/// <remarks>A debug message has no packet. The datapath says it between the trace points of the packet that its CPU works on.</remarks>
public sealed class EventSieve(EventFilter filter, EventNames names)
{
    private readonly EventFilter _ofAnyType = filter with { Types = ~EventMask.None };
    private readonly Dictionary<ushort, bool> _lastOnCpu = [];

    public bool Lets(in EventRecord record)
    {
        if (!filter.HasPacketConditions)
        {
            return filter.Matches(record, names);
        }

        if (record.Type == EventType.Debug)
        {
            return filter.HasType(record) && filter.MatchesEndpoints(record) && _lastOnCpu.GetValueOrDefault(record.Header.Cpu);
        }

        bool isShown = _ofAnyType.Matches(record, names);
        _lastOnCpu[record.Header.Cpu] = isShown;
        return isShown && filter.HasType(record);
    }
}
