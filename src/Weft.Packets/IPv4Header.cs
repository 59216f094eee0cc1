using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>An IPv4 header with its options (RFC 791).</summary>
public readonly ref struct IPv4Header
{
    public const int MinSize = 20;

    private IPv4Header(ReadOnlySpan<byte> data, int headerLength, int end)
    {
        Header = data[..headerLength];
        Payload = data[headerLength..end];
    }

    public ReadOnlySpan<byte> Header { get; }

    /// <summary>Ends where <see cref="TotalLength"/> says, without the padding of a short frame, or earlier if the bytes do.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    public byte TypeOfService => Header[1];

    /// <summary>Header and payload in bytes; 0 where the kernel left it to segmentation offload.</summary>
    public ushort TotalLength => BinaryPrimitives.ReadUInt16BigEndian(Header[2..]);

    public ushort Id => BinaryPrimitives.ReadUInt16BigEndian(Header[4..]);

    public bool DontFragment => (Header[6] & 0x40) != 0;

    public bool MoreFragments => (Header[6] & 0x20) != 0;

    /// <summary>RFC 3514.</summary>
    public bool Evil => (Header[6] & 0x80) != 0;

    /// <summary>In units of eight bytes, as in the header.</summary>
    public ushort FragmentOffset => (ushort)(BinaryPrimitives.ReadUInt16BigEndian(Header[6..]) & 0x1fff);

    public bool IsFragment => MoreFragments || FragmentOffset != 0;

    public byte TimeToLive => Header[8];

    public IPProtocol Protocol => (IPProtocol)Header[9];

    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(Header[10..]);

    public bool HasValidChecksum => InternetChecksum.Compute(Header) == 0;

    public IPv4Address Source => IPv4Address.Read(Header[12..]);

    public IPv4Address Destination => IPv4Address.Read(Header[16..]);

    public ReadOnlySpan<byte> Options => Header[MinSize..];

    /// <summary>The packet is longer than the bytes at hand.</summary>
    public bool IsTruncated => TotalLength > Header.Length + Payload.Length;

    /// <summary>Fails where the version, the header length or the total length contradicts itself or the bytes end in the header.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out IPv4Header header)
    {
        header = default;
        if (data.Length < MinSize || data[0] >> 4 != 4)
        {
            return false;
        }

        int headerLength = (data[0] & 0xf) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        int end = total == 0 ? data.Length : Math.Min(total, data.Length);
        if (headerLength < MinSize || headerLength > end)
        {
            return false;
        }

        header = new IPv4Header(data, headerLength, end);
        return true;
    }
}
