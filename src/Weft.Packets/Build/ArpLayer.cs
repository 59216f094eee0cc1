using System.Buffers.Binary;

namespace Weft.Packets.Build;

/// <summary>An ARP packet for IPv4 over Ethernet.</summary>
public sealed record ArpLayer(ushort Operation) : PacketLayer
{
    public MacAddress SenderMac { get; init; }

    public IPv4Address SenderAddress { get; init; }

    public MacAddress TargetMac { get; init; }

    public IPv4Address TargetAddress { get; init; }

    internal override int Length => ArpPacket.Size;

    internal override EtherType EtherType => EtherType.Arp;

    internal override void Write(Span<byte> bytes, PacketLayer? outer, PacketLayer? inner)
    {
        ReadOnlySpan<byte> ethernetAndIPv4 = [0, 1, 8, 0, MacAddress.Size, IPv4Address.Size];
        ethernetAndIPv4.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], Operation);
        SenderMac.CopyTo(bytes[8..]);
        SenderAddress.CopyTo(bytes[14..]);
        TargetMac.CopyTo(bytes[18..]);
        TargetAddress.CopyTo(bytes[24..]);
    }
}
