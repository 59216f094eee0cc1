using System.Collections.Immutable;
using Weft.Abi;

namespace Weft.Events;

/// <summary>Which events are shown. Conditions of different kinds must all hold; in a list one is enough; an empty list asks nothing.</summary>
public sealed record EventFilter
{
    public EventMask Types { get; init; } = EventMask.Drop | EventMask.Debug | EventMask.Trace | EventMask.Capture;

    /// <summary>Endpoints that the event is from.</summary>
    public ImmutableArray<ushort> From { get; init; } = [];

    /// <summary>Endpoints that the packet goes to.</summary>
    public ImmutableArray<ushort> To { get; init; } = [];

    /// <summary>Endpoints that either is.</summary>
    public ImmutableArray<ushort> RelatedTo { get; init; } = [];

    public bool Matches(in EventRecord record)
    {
        ushort from = record.Header.Source;
        ushort to = record.DestinationId;
        return (Types & MaskOf(record.Type)) != 0
            && (From.IsEmpty || From.Contains(from))
            && (To.IsEmpty || To.Contains(to))
            && (RelatedTo.IsEmpty || RelatedTo.Contains(from) || RelatedTo.Contains(to));
    }

    private static EventMask MaskOf(EventType type) => type switch
    {
        EventType.Drop => EventMask.Drop,
        EventType.Debug => EventMask.Debug,
        EventType.Trace => EventMask.Trace,
        EventType.Capture => EventMask.Capture,
        _ => ~EventMask.None,
    };
}
