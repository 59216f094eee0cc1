using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>A TCP header with its options (RFC 9293).</summary>
public readonly ref struct TcpHeader
{
    public const int MinSize = 20;

    private TcpHeader(ReadOnlySpan<byte> data, int headerLength)
    {
        Header = data[..headerLength];
        Payload = data[headerLength..];
    }

    public ReadOnlySpan<byte> Header { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(Header);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(Header[2..]);

    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(Header[4..]);

    public uint Acknowledgment => BinaryPrimitives.ReadUInt32BigEndian(Header[8..]);

    /// <summary>Header length in words of four bytes.</summary>
    public byte DataOffset => (byte)(Header[12] >> 4);

    public TcpFlags Flags => (TcpFlags)(BinaryPrimitives.ReadUInt16BigEndian(Header[12..]) & 0x1ff);

    public ushort Window => BinaryPrimitives.ReadUInt16BigEndian(Header[14..]);

    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(Header[16..]);

    public ushort UrgentPointer => BinaryPrimitives.ReadUInt16BigEndian(Header[18..]);

    public TcpOptionReader Options => new(Header[MinSize..]);

    public static bool TryParse(ReadOnlySpan<byte> data, out TcpHeader header)
    {
        header = default;
        if (data.Length < MinSize)
        {
            return false;
        }

        int length = (data[12] >> 4) * 4;
        if (length < MinSize || length > data.Length)
        {
            return false;
        }

        header = new TcpHeader(data, length);
        return true;
    }
}
