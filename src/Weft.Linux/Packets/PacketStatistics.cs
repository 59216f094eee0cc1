namespace Weft.Linux.Packets;

/// <summary>Frames since the statistics were last read.</summary>
/// <param name="Received">That passed the filter, the dropped ones included.</param>
/// <param name="Dropped">That found the socket's buffer full.</param>
public readonly record struct PacketStatistics(uint Received, uint Dropped);
