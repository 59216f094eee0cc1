using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>ARP for IPv4 over Ethernet (RFC 826), the only kind that is read.</summary>
public readonly ref struct ArpPacket
{
    public const int Size = 28;
    public const ushort Request = 1;
    public const ushort Reply = 2;

    private ArpPacket(ReadOnlySpan<byte> data)
    {
        Header = data[..Size];
        Payload = data[Size..];
    }

    public ReadOnlySpan<byte> Header { get; }

    /// <summary>What follows: the padding of a short frame.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    public ushort Operation => BinaryPrimitives.ReadUInt16BigEndian(Header[6..]);

    public MacAddress SenderMac => new(Header[8..]);

    public IPv4Address SenderAddress => IPv4Address.Read(Header[14..]);

    public MacAddress TargetMac => new(Header[18..]);

    public IPv4Address TargetAddress => IPv4Address.Read(Header[24..]);

    public static bool TryParse(ReadOnlySpan<byte> data, out ArpPacket packet)
    {
        bool valid = data.Length >= Size && data[..6].SequenceEqual((ReadOnlySpan<byte>)[0, 1, 8, 0, MacAddress.Size, IPv4Address.Size]);
        packet = valid ? new ArpPacket(data) : default;
        return valid;
    }
}
