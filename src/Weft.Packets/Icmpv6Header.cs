using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>The four bytes that all ICMPv6 messages begin with (RFC 4443); the body depends on the type.</summary>
public readonly ref struct Icmpv6Header
{
    public const int Size = 4;

    /// <summary>Bytes of an error's body in front of the packet that it quotes.</summary>
    private const int ErrorPrefix = 4;

    private Icmpv6Header(ReadOnlySpan<byte> data)
    {
        Header = data[..Size];
        Payload = data[Size..];
    }

    public ReadOnlySpan<byte> Header { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public Icmpv6Type Type => (Icmpv6Type)Header[0];

    public byte Code => Header[1];

    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(Header[2..]);

    public bool IsEcho => Type is Icmpv6Type.EchoRequest or Icmpv6Type.EchoReply;

    /// <summary>Types below 128 are errors (RFC 4443 section 2.1).</summary>
    public bool IsError => Header[0] < 128;

    /// <summary>The packet that an error is about, from its IPv6 header on; empty if there is none.</summary>
    public ReadOnlySpan<byte> Quoted => IsError && Payload.Length > ErrorPrefix ? Payload[ErrorPrefix..] : default;

    /// <summary>Echo identifier and sequence number.</summary>
    public bool TryGetEcho(out ushort id, out ushort sequence)
    {
        bool present = IsEcho && Payload.Length >= 4;
        id = present ? BinaryPrimitives.ReadUInt16BigEndian(Payload) : (ushort)0;
        sequence = present ? BinaryPrimitives.ReadUInt16BigEndian(Payload[2..]) : (ushort)0;
        return present;
    }

    /// <summary>Whose link-layer address a neighbour solicitation asks for or an advertisement gives (RFC 4861).</summary>
    public bool TryGetNeighborTarget(out IPv6Address target)
    {
        bool present = Type is Icmpv6Type.NeighborSolicitation or Icmpv6Type.NeighborAdvertisement && Payload.Length >= 4 + IPv6Address.Size;
        target = present ? IPv6Address.Read(Payload[4..]) : default;
        return present;
    }

    /// <summary>The group that a listener query or report of version 1 is about, or a query of version 2 (RFC 2710, 3810).</summary>
    public bool TryGetMulticastGroup(out IPv6Address group)
    {
        bool present = Type is Icmpv6Type.MldQuery or Icmpv6Type.MldReport or Icmpv6Type.MldDone && Payload.Length >= 4 + IPv6Address.Size;
        group = present ? IPv6Address.Read(Payload[4..]) : default;
        return present;
    }

    /// <summary>Records of a listener report of version 2 (RFC 3810 section 5.2); else 0.</summary>
    public int MulticastRecords => Type == Icmpv6Type.MldV2Report && Payload.Length >= 4 ? BinaryPrimitives.ReadUInt16BigEndian(Payload[2..]) : 0;

    public static bool TryParse(ReadOnlySpan<byte> data, out Icmpv6Header header)
    {
        header = data.Length >= Size ? new Icmpv6Header(data) : default;
        return data.Length >= Size;
    }
}
