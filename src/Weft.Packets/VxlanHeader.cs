using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>A VXLAN header (RFC 7348); an Ethernet frame follows.</summary>
public readonly ref struct VxlanHeader
{
    public const int Size = 8;

    /// <summary>Bytes that the overlay adds on an IPv4 underlay: inner Ethernet 14, VXLAN 8, UDP 8, IPv4 20.</summary>
    public const int IPv4Overhead = 50;

    /// <summary>UDP port that IANA gave to VXLAN.</summary>
    public const ushort IanaPort = 4789;

    /// <summary>UDP port of the Linux kernel's first VXLAN, which overlays for pods use by custom.</summary>
    public const ushort LinuxPort = 8472;

    private const byte ValidVni = 0x08;

    private VxlanHeader(ReadOnlySpan<byte> data)
    {
        Header = data[..Size];
        Payload = data[Size..];
    }

    public ReadOnlySpan<byte> Header { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public byte Flags => Header[0];

    /// <summary>Network identifier, 24 bits: the security identity of the sender in Weft's overlay.</summary>
    public uint Vni => BinaryPrimitives.ReadUInt32BigEndian(Header[4..]) >> 8;

    /// <summary>Fails where the flag that makes the VNI valid is missing: such a packet is not VXLAN.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out VxlanHeader header)
    {
        bool valid = data.Length >= Size && (data[0] & ValidVni) != 0;
        header = valid ? new VxlanHeader(data) : default;
        return valid;
    }
}
