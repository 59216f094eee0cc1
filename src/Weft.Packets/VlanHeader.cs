using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>An 802.1Q tag, from behind the EtherType that announces it: tag control, then the next EtherType.</summary>
public readonly ref struct VlanHeader
{
    public const int Size = 4;

    private VlanHeader(ReadOnlySpan<byte> data)
    {
        Header = data[..Size];
        Payload = data[Size..];
    }

    public ReadOnlySpan<byte> Header { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public byte Priority => (byte)(Header[0] >> 5);

    public bool DropEligible => (Header[0] & 0x10) != 0;

    public ushort Id => (ushort)(BinaryPrimitives.ReadUInt16BigEndian(Header) & 0xfff);

    public EtherType EtherType => (EtherType)BinaryPrimitives.ReadUInt16BigEndian(Header[2..]);

    public static bool TryParse(ReadOnlySpan<byte> data, out VlanHeader header)
    {
        header = data.Length >= Size ? new VlanHeader(data) : default;
        return data.Length >= Size;
    }
}
