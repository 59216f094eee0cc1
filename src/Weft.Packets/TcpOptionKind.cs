namespace Weft.Packets;

/// <summary>IANA numbers of TCP options.</summary>
public enum TcpOptionKind : byte
{
    EndOfOptions = 0,
    Nop = 1,
    MaximumSegmentSize = 2,
    WindowScale = 3,
    SelectiveAckPermitted = 4,
    SelectiveAck = 5,
    Timestamps = 8,
}
