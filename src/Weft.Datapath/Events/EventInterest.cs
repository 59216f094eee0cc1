using System.Collections.Immutable;
using Weft.Abi;

namespace Weft.Datapath.Events;

/// <summary>What one client of the monitor wants to see.</summary>
/// <param name="Kinds">The kinds of event.</param>
/// <param name="Endpoints">Ids of the endpoints that an event must come from or go to; empty: any.</param>
public sealed record EventInterest(EventMask Kinds, ImmutableHashSet<ushort> Endpoints)
{
    /// <summary>The datapath need make these events only of packets that a tracer follows; the client sorts out others.</summary>
    public bool WatchedOnly { get; init; }

    /// <summary>Takes what is made for others, and has the datapath make nothing.</summary>
    public bool IsPassive { get; init; }

    public static EventInterest Everything { get; } =
        new(EventMask.Drop | EventMask.Debug | EventMask.Trace | EventMask.Capture | EventMask.Policy, []);

    /// <summary>Whether one record of the ring buffer is among what is wanted. Garbage that is shorter than a header is not.</summary>
    public bool Wants(ReadOnlySpan<byte> record) =>
        EventPeek.TryRead(record, out EventPeek peek)
        && (Kinds & peek.Kind) != 0
        && (Endpoints.IsEmpty || Endpoints.Contains(peek.Source) || (peek.Destination != 0 && Endpoints.Contains(peek.Destination)));
}
