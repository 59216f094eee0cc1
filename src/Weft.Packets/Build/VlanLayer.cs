using System.Buffers.Binary;

namespace Weft.Packets.Build;

/// <summary>An 802.1Q tag.</summary>
public sealed record VlanLayer(ushort Id) : PacketLayer
{
    public byte Priority { get; init; }

    internal override int Length => VlanHeader.Size;

    internal override EtherType EtherType => EtherType.Vlan;

    internal override void Write(Span<byte> bytes, PacketLayer? outer, PacketLayer? inner)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(Priority << 13 | Id));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)(inner?.EtherType ?? 0));
    }
}
