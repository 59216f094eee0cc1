using System.Buffers.Binary;

namespace Weft.Packets.Build;

/// <summary>An IPv6 header; next header and length follow from the rest of the packet unless given.</summary>
public sealed record IPv6Layer(IPv6Address Source, IPv6Address Destination) : PacketLayer
{
    public byte TrafficClass { get; init; }

    public uint FlowLabel { get; init; }

    public byte HopLimit { get; init; } = 64;

    /// <summary>Overrides what the next layer says: in front of extension headers given as payload.</summary>
    public IPProtocol? NextHeader { get; init; }

    /// <summary>Overrides the true length: for packets that lie.</summary>
    public ushort? PayloadLength { get; init; }

    internal override int Length => IPv6Header.Size;

    internal override EtherType EtherType => EtherType.IPv6;

    internal override IPProtocol Protocol => IPProtocol.IPv6;

    internal override void Write(Span<byte> bytes, PacketLayer? outer, PacketLayer? inner)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, 6u << 28 | (uint)TrafficClass << 20 | FlowLabel & 0xfffff);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], PayloadLength ?? (ushort)(bytes.Length - Length));
        bytes[6] = (byte)(NextHeader ?? inner?.Protocol ?? IPProtocol.NoNextHeader);
        bytes[7] = HopLimit;
        Source.CopyTo(bytes[8..]);
        Destination.CopyTo(bytes[24..]);
    }
}
