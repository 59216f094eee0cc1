namespace Weft.Events;

/// <summary>Whether a packet is wanted, for conditions that are none of this library's.</summary>
/// <param name="packet">The captured bytes from an IP header on.</param>
/// <param name="length">Bytes of the packet from there on, those that were not captured among them.</param>
public delegate bool PacketPredicate(ReadOnlySpan<byte> packet, int length);
