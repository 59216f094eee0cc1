using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>The long header of QUIC, of the packets that open a connection (RFC 8999, 9000, 9369). Later packets have nothing to be known by.</summary>
public readonly ref struct QuicLongHeader
{
    public const uint Version1 = 1;
    public const uint Version2 = 0x6b3343cf;

    private const uint Drafts = 0xff000000;
    private const int MinSize = 7;
    private const int MaxConnectionId = 20;

    private QuicLongHeader(ReadOnlySpan<byte> data, int sourceOffset, int end)
    {
        Header = data[..end];
        Payload = data[end..];
        Destination = data[6..(sourceOffset - 1)];
        Source = data[sourceOffset..end];
    }

    public ReadOnlySpan<byte> Header { get; }

    /// <summary>The token and what is encrypted.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Connection id that the receiver chose, or random where it has not chosen yet.</summary>
    public ReadOnlySpan<byte> Destination { get; }

    /// <summary>Connection id that the sender chose.</summary>
    public ReadOnlySpan<byte> Source { get; }

    public uint Version => BinaryPrimitives.ReadUInt32BigEndian(Header[1..]);

    public QuicPacketType Type
    {
        get
        {
            int bits = (Header[0] >> 4) & 3;
            return (QuicPacketType)(Version == Version2 ? (bits + 3) & 3 : bits);
        }
    }

    /// <summary>Takes versions 1 and 2 and the drafts of version 1; anything else may be anybody's datagram.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out QuicLongHeader header)
    {
        const byte longAndFixed = 0xc0;
        header = default;
        if (data.Length < MinSize || (data[0] & longAndFixed) != longAndFixed || !IsKnown(BinaryPrimitives.ReadUInt32BigEndian(data[1..])))
        {
            return false;
        }

        int source = 6 + data[5] + 1;
        if (data[5] > MaxConnectionId || source > data.Length || data[source - 1] > MaxConnectionId || source + data[source - 1] > data.Length)
        {
            return false;
        }

        header = new QuicLongHeader(data, source, source + data[source - 1]);
        return true;
    }

    private static bool IsKnown(uint version) => version is Version1 or Version2 || (version & 0xffffff00) == Drafts;
}
