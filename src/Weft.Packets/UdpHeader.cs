using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>A UDP header (RFC 768).</summary>
public readonly ref struct UdpHeader
{
    public const int Size = 8;

    private UdpHeader(ReadOnlySpan<byte> data, int end)
    {
        Header = data[..Size];
        Payload = data[Size..end];
    }

    public ReadOnlySpan<byte> Header { get; }

    /// <summary>Ends where <see cref="Length"/> says, or earlier if the bytes do.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(Header);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(Header[2..]);

    /// <summary>Header and payload in bytes; 0 where left to segmentation offload.</summary>
    public ushort Length => BinaryPrimitives.ReadUInt16BigEndian(Header[4..]);

    /// <summary>0: the sender computed none.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(Header[6..]);

    /// <summary>The datagram is longer than the bytes at hand.</summary>
    public bool IsTruncated => Length > Size + Payload.Length;

    public static bool TryParse(ReadOnlySpan<byte> data, out UdpHeader header)
    {
        header = default;
        if (data.Length < Size)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(data[4..]);
        if (length is > 0 and < Size)
        {
            return false;
        }

        header = new UdpHeader(data, length == 0 ? data.Length : Math.Min(length, data.Length));
        return true;
    }
}
