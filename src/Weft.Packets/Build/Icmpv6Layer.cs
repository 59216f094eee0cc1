using System.Buffers.Binary;

namespace Weft.Packets.Build;

/// <summary>An ICMPv6 header and the body that belongs to its type; data of an echo or a quoted packet follow as payload.</summary>
public sealed record Icmpv6Layer(Icmpv6Type Type, byte Code) : PacketLayer
{
    /// <summary>What the type puts behind the checksum: identifier and sequence number, MTU, target address, options.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    internal override int Length => Icmpv6Header.Size + Body.Length;

    internal override IPProtocol Protocol => IPProtocol.Icmpv6;

    internal override void Write(Span<byte> bytes, PacketLayer? outer, PacketLayer? inner)
    {
        bytes[0] = (byte)Type;
        bytes[1] = Code;
        Body.Span.CopyTo(bytes[Icmpv6Header.Size..]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], TransportChecksum(outer, IPProtocol.Icmpv6, bytes));
    }
}
