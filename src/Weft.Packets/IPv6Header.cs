using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>The fixed IPv6 header (RFC 8200); extension headers follow as <see cref="IPv6ExtensionHeader"/>.</summary>
public readonly ref struct IPv6Header
{
    public const int Size = 40;

    private IPv6Header(ReadOnlySpan<byte> data, int end)
    {
        Header = data[..Size];
        Payload = data[Size..end];
    }

    public ReadOnlySpan<byte> Header { get; }

    /// <summary>Ends where <see cref="PayloadLength"/> says, or earlier if the bytes do.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    public byte TrafficClass => (byte)(BinaryPrimitives.ReadUInt16BigEndian(Header) >> 4);

    public uint FlowLabel => BinaryPrimitives.ReadUInt32BigEndian(Header) & 0xfffff;

    /// <summary>Bytes after the fixed header; 0 for a jumbogram (RFC 2675), or where left to segmentation offload.</summary>
    public ushort PayloadLength => BinaryPrimitives.ReadUInt16BigEndian(Header[4..]);

    public IPProtocol NextHeader => (IPProtocol)Header[6];

    public byte HopLimit => Header[7];

    public IPv6Address Source => IPv6Address.Read(Header[8..]);

    public IPv6Address Destination => IPv6Address.Read(Header[24..]);

    /// <summary>The packet is longer than the bytes at hand.</summary>
    public bool IsTruncated => PayloadLength > Payload.Length;

    public static bool TryParse(ReadOnlySpan<byte> data, out IPv6Header header)
    {
        header = default;
        if (data.Length < Size || data[0] >> 4 != 6)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(data[4..]);
        header = new IPv6Header(data, length == 0 ? data.Length : Math.Min(Size + length, data.Length));
        return true;
    }
}
