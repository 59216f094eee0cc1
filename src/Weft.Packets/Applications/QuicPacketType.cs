namespace Weft.Packets;

/// <summary>Types of QUIC packets with a long header, by their numbers in version 1.</summary>
public enum QuicPacketType : byte
{
    Initial = 0,
    ZeroRtt = 1,
    Handshake = 2,
    Retry = 3,
}
