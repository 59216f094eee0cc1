using System.Collections.Immutable;
using Weft.Abi;
using Weft.Packets;

namespace Weft.Events;

/// <summary>Which events are shown. Conditions of different kinds must all hold; in a list one is enough; an empty list asks nothing.</summary>
public sealed partial record EventFilter
{
    /// <summary>Conditions about ends that one filter may have: each is a bit.</summary>
    public const int MaxEnds = 32;

    public EventMask Types { get; init; } = EventMask.Drop | EventMask.Debug | EventMask.Trace | EventMask.Capture | EventMask.Policy;

    /// <summary>Endpoints that the event is from.</summary>
    public ImmutableArray<ushort> From { get; init; } = [];

    /// <summary>Endpoints that the packet goes to.</summary>
    public ImmutableArray<ushort> To { get; init; } = [];

    /// <summary>Endpoints that either is.</summary>
    public ImmutableArray<ushort> RelatedTo { get; init; } = [];

    /// <summary>All must hold.</summary>
    public ImmutableArray<EndCondition> Ends { get; init; } = [];

    /// <summary>Of TCP, UDP or SCTP, on either end.</summary>
    public ImmutableHashSet<ushort> Ports { get; init; } = [];

    /// <summary>Headers one of which the packet has.</summary>
    public ImmutableHashSet<PacketProtocol> Protocols { get; init; } = [];

    /// <summary>Only drops for one of these reasons.</summary>
    public ImmutableHashSet<DropReason> DropReasons { get; init; } = [];

    /// <summary>Names of devices that the event is of.</summary>
    public ImmutableHashSet<string> Interfaces { get; init; } = [];

    /// <summary>Asked for the packet, and for the one in its tunnel.</summary>
    public PacketPredicate? Packet { get; init; }

    /// <summary>Show what the conditions do not hold for. <see cref="Types"/> is not turned round.</summary>
    public bool Not { get; init; }

    /// <summary>Whether a condition is about more than the type and the endpoints that the event names.</summary>
    public bool HasPacketConditions =>
        !Ends.IsEmpty || !Ports.IsEmpty || !Protocols.IsEmpty || !DropReasons.IsEmpty || !Interfaces.IsEmpty || Packet is not null;

    /// <summary>Whether one event, by itself, is wanted. Of debug messages, which have no packet, see <see cref="EventSieve"/>.</summary>
    public bool Matches(in EventRecord record, EventNames? names = null) =>
        HasType(record) && (MatchesEndpoints(record) && (!HasPacketConditions || MatchesPacket(record, names))) != Not;

    internal bool HasType(in EventRecord record) => (Types & MaskOf(record.Type)) != 0;

    internal bool MatchesEndpoints(in EventRecord record)
    {
        ushort from = record.Header.Source;
        ushort to = record.DestinationId;
        return (From.IsEmpty || From.Contains(from))
            && (To.IsEmpty || To.Contains(to))
            && (RelatedTo.IsEmpty || RelatedTo.Contains(from) || RelatedTo.Contains(to));
    }

    private static EventMask MaskOf(EventType type) => type switch
    {
        EventType.Drop => EventMask.Drop,
        EventType.Debug => EventMask.Debug,
        EventType.Trace => EventMask.Trace,
        EventType.Capture => EventMask.Capture,
        EventType.Policy => EventMask.Policy,
        _ => ~EventMask.None,
    };

    private bool MatchesPacket(in EventRecord record, EventNames? names)
    {
        if (record.Type is EventType.Debug)
        {
            return false;
        }

        if (!DropReasons.IsEmpty && !(record.Type == EventType.Drop && DropReasons.Contains((DropReason)record.Header.Subtype)))
        {
            return false;
        }

        return (Interfaces.IsEmpty || (names is not null && names.TryGetInterface(record.IfIndex, out string? device) && Interfaces.Contains(device)))
            && MatchesHeaders(record, names?.TunnelPort ?? VxlanHeader.LinuxPort);
    }
}
