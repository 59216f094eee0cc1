using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>A Geneve header with its options (RFC 8926).</summary>
public readonly ref struct GeneveHeader
{
    /// <summary>UDP port that IANA gave to Geneve.</summary>
    public const ushort Port = 6081;

    private const int MinSize = 8;

    private GeneveHeader(ReadOnlySpan<byte> data, int length)
    {
        Header = data[..length];
        Payload = data[length..];
    }

    public ReadOnlySpan<byte> Header { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public int OptionsLength => Header.Length - MinSize;

    public bool IsControl => (Header[1] & 0x80) != 0;

    public bool HasCriticalOptions => (Header[1] & 0x40) != 0;

    /// <summary>An EtherType; 0x6558 is an Ethernet frame.</summary>
    public ushort Protocol => BinaryPrimitives.ReadUInt16BigEndian(Header[2..]);

    /// <summary>Network identifier, 24 bits.</summary>
    public uint Vni => BinaryPrimitives.ReadUInt32BigEndian(Header[4..]) >> 8;

    /// <summary>Fails for versions other than 0.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out GeneveHeader header)
    {
        header = default;
        if (data.Length < MinSize || data[0] >> 6 != 0)
        {
            return false;
        }

        int length = MinSize + ((data[0] & 0x3f) * 4);
        if (length > data.Length)
        {
            return false;
        }

        header = new GeneveHeader(data, length);
        return true;
    }
}
