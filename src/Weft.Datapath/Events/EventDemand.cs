using System.Collections.Immutable;
using Weft.Abi;

namespace Weft.Datapath.Events;

/// <summary>What the datapath has to emit so that every client gets what it asked for, and nothing more.</summary>
/// <param name="Everywhere">From every endpoint and device.</param>
/// <param name="Endpoints">From single endpoints, beyond <paramref name="Everywhere"/>.</param>
/// <param name="Watched">Of packets that a tracer follows, beyond the others.</param>
public sealed record EventDemand(EventMask Everywhere, ImmutableDictionary<ushort, EventMask> Endpoints, EventMask Watched)
{
    /// <param name="baseline">Emitted even when nobody watches.</param>
    /// <param name="interests">Of all clients.</param>
    /// <remarks>A client that names endpoints gets what those make, and nobody pays for the traffic of others.</remarks>
    public static EventDemand Of(EventMask baseline, IEnumerable<EventInterest> interests)
    {
        EventMask everywhere = baseline;
        EventMask watched = EventMask.None;
        ImmutableDictionary<ushort, EventMask>.Builder endpoints = ImmutableDictionary.CreateBuilder<ushort, EventMask>();
        foreach (EventInterest interest in interests.Where(interest => !interest.IsPassive))
        {
            if (interest.WatchedOnly)
            {
                watched |= interest.Kinds;
                continue;
            }

            if (interest.Endpoints.IsEmpty)
            {
                everywhere |= interest.Kinds;
                continue;
            }

            foreach (ushort endpoint in interest.Endpoints)
            {
                endpoints[endpoint] = endpoints.GetValueOrDefault(endpoint) | interest.Kinds;
            }
        }

        return new EventDemand(everywhere, endpoints.ToImmutable(), watched);
    }

    public EventMask For(ushort endpoint) => Endpoints.GetValueOrDefault(endpoint);
}
