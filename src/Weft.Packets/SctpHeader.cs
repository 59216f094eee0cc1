using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>The common header of SCTP (RFC 9260); chunks are payload.</summary>
public readonly ref struct SctpHeader
{
    public const int Size = 12;

    private SctpHeader(ReadOnlySpan<byte> data)
    {
        Header = data[..Size];
        Payload = data[Size..];
    }

    public ReadOnlySpan<byte> Header { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(Header);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(Header[2..]);

    public uint VerificationTag => BinaryPrimitives.ReadUInt32BigEndian(Header[4..]);

    /// <summary>CRC32c, which lies in the packet least significant byte first.</summary>
    public uint Checksum => BinaryPrimitives.ReadUInt32LittleEndian(Header[8..]);

    public static bool TryParse(ReadOnlySpan<byte> data, out SctpHeader header)
    {
        header = data.Length >= Size ? new SctpHeader(data) : default;
        return data.Length >= Size;
    }
}
