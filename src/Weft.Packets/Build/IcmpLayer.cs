using System.Buffers.Binary;

namespace Weft.Packets.Build;

/// <summary>An ICMP header of IPv4.</summary>
public sealed record IcmpLayer(IcmpType Type, byte Code) : PacketLayer
{
    /// <summary>Echo identifier, or the first half of the header's rest.</summary>
    public ushort Id { get; init; }

    /// <summary>Echo sequence number, or the next hop's MTU in "fragmentation needed".</summary>
    public ushort Sequence { get; init; }

    /// <summary>Overrides the right checksum: for packets that lie.</summary>
    public ushort? Checksum { get; init; }

    internal override int Length => IcmpHeader.Size;

    internal override IPProtocol Protocol => IPProtocol.Icmpv4;

    internal override void Write(Span<byte> bytes, PacketLayer? outer, PacketLayer? inner)
    {
        bytes[0] = (byte)Type;
        bytes[1] = Code;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], Id);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], Sequence);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], Checksum ?? InternetChecksum.Compute(bytes));
    }
}
