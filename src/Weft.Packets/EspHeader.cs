using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>The readable part of an encrypted payload (RFC 4303); what follows is for who has the keys.</summary>
public readonly ref struct EspHeader
{
    public const int Size = 8;

    private EspHeader(ReadOnlySpan<byte> data)
    {
        Header = data[..Size];
        Payload = data[Size..];
    }

    public ReadOnlySpan<byte> Header { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Security parameters index.</summary>
    public uint Spi => BinaryPrimitives.ReadUInt32BigEndian(Header);

    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(Header[4..]);

    public static bool TryParse(ReadOnlySpan<byte> data, out EspHeader header)
    {
        header = data.Length >= Size ? new EspHeader(data) : default;
        return data.Length >= Size;
    }
}
