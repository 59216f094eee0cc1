using System.Buffers.Binary;

namespace Weft.Packets.Build;

/// <summary>An Ethernet header; the type follows from the next layer unless given.</summary>
public sealed record EthernetLayer(MacAddress Source, MacAddress Destination) : PacketLayer
{
    public EtherType? Type { get; init; }

    internal override int Length => EthernetHeader.Size;

    internal override void Write(Span<byte> bytes, PacketLayer? outer, PacketLayer? inner)
    {
        Destination.CopyTo(bytes);
        Source.CopyTo(bytes[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[12..], (ushort)(Type ?? inner?.EtherType ?? 0));
    }
}
