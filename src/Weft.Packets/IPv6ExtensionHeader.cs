using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>One extension header (RFC 8200 section 4), or an authentication header (RFC 4302).</summary>
public readonly ref struct IPv6ExtensionHeader
{
    private const int MinSize = 8;

    private IPv6ExtensionHeader(IPProtocol kind, ReadOnlySpan<byte> data, int length)
    {
        Kind = kind;
        Header = data[..length];
        Payload = data[length..];
    }

    public IPProtocol Kind { get; }

    public ReadOnlySpan<byte> Header { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public IPProtocol NextHeader => (IPProtocol)Header[0];

    /// <summary>In units of eight bytes; 0 unless a fragment header.</summary>
    public ushort FragmentOffset => Kind == IPProtocol.Fragment ? (ushort)(BinaryPrimitives.ReadUInt16BigEndian(Header[2..]) >> 3) : (ushort)0;

    public bool MoreFragments => Kind == IPProtocol.Fragment && (Header[3] & 1) != 0;

    /// <summary>Of the fragmented packet; 0 unless a fragment header.</summary>
    public uint FragmentId => Kind == IPProtocol.Fragment ? BinaryPrimitives.ReadUInt32BigEndian(Header[4..]) : 0;

    /// <summary>Security parameters index; 0 unless an authentication header.</summary>
    public uint Spi => Kind == IPProtocol.AuthenticationHeader ? BinaryPrimitives.ReadUInt32BigEndian(Header[4..]) : 0;

    /// <summary>Sequence number; 0 unless an authentication header.</summary>
    public uint Sequence => Kind == IPProtocol.AuthenticationHeader && Header.Length >= 12 ? BinaryPrimitives.ReadUInt32BigEndian(Header[8..]) : 0;

    public static bool IsExtension(IPProtocol protocol) => protocol
        is IPProtocol.HopByHop or IPProtocol.Routing or IPProtocol.Fragment or IPProtocol.DestinationOptions or IPProtocol.AuthenticationHeader;

    /// <param name="kind">The next header field of the header before; must be an extension.</param>
    /// <param name="data">From the extension header on.</param>
    /// <param name="header">The header, if its whole length is there.</param>
    public static bool TryParse(IPProtocol kind, ReadOnlySpan<byte> data, out IPv6ExtensionHeader header)
    {
        header = default;
        if (data.Length < MinSize)
        {
            return false;
        }

        int length = kind switch
        {
            IPProtocol.Fragment => MinSize,
            IPProtocol.AuthenticationHeader => (data[1] + 2) * 4,
            _ => (data[1] + 1) * 8,
        };
        if (length < MinSize || length > data.Length)
        {
            return false;
        }

        header = new IPv6ExtensionHeader(kind, data, length);
        return true;
    }
}
