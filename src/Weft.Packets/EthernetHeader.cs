using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>The fixed 14 bytes of an Ethernet frame; VLAN tags follow as <see cref="VlanHeader"/>.</summary>
public readonly ref struct EthernetHeader
{
    public const int Size = 14;

    private EthernetHeader(ReadOnlySpan<byte> data)
    {
        Header = data[..Size];
        Payload = data[Size..];
    }

    public ReadOnlySpan<byte> Header { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public MacAddress Destination => new(Header);

    public MacAddress Source => new(Header[6..]);

    public EtherType EtherType => (EtherType)BinaryPrimitives.ReadUInt16BigEndian(Header[12..]);

    public static bool TryParse(ReadOnlySpan<byte> data, out EthernetHeader header)
    {
        header = data.Length >= Size ? new EthernetHeader(data) : default;
        return data.Length >= Size;
    }
}
