using Weft.Events.Hops;

namespace Weft.Events;

/// <summary>Everything that the datapath of one or several nodes said of one packet.</summary>
/// <param name="Seen">In the order in which it happened, as far as the clocks allow; at least one.</param>
/// <param name="IsFinished">It was delivered, dropped, or left what Weft sees. Else nothing more was heard of it in time.</param>
/// <param name="HasOneClock">Times of different nodes can be compared.</param>
public sealed record JoinedPacket(IReadOnlyList<Sighting> Seen, bool IsFinished, bool HasOneClock);
