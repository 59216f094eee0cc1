using System.Buffers.Binary;

namespace Weft.Packets.Build;

/// <summary>A UDP header.</summary>
public sealed record UdpLayer(ushort SourcePort, ushort DestinationPort) : PacketLayer
{
    /// <summary>Overrides the true length: for packets that lie.</summary>
    public ushort? DatagramLength { get; init; }

    /// <summary>Overrides the right checksum; 0 sends none, as the overlay does.</summary>
    public ushort? Checksum { get; init; }

    internal override int Length => UdpHeader.Size;

    internal override IPProtocol Protocol => IPProtocol.Udp;

    internal override void Write(Span<byte> bytes, PacketLayer? outer, PacketLayer? inner)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], DatagramLength ?? (ushort)bytes.Length);
        ushort checksum = TransportChecksum(outer, IPProtocol.Udp, bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], Checksum ?? (checksum == 0 ? (ushort)0xffff : checksum));
    }
}
