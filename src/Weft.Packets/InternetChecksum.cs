using System.Buffers.Binary;

namespace Weft.Packets;

/// <summary>The one's complement checksum of IP, ICMP, TCP and UDP (RFC 1071).</summary>
public static class InternetChecksum
{
    /// <summary>The checksum of bytes in which the checksum field is zero. Of bytes that contain a right checksum it is 0.</summary>
    public static ushort Compute(ReadOnlySpan<byte> bytes) => Fold(Sum(bytes));

    /// <summary>The checksum of a TCP, UDP or ICMPv6 segment with its pseudo-header.</summary>
    /// <remarks>A UDP sender must put 0xffff where this gives 0, which means "none" there (RFC 768).</remarks>
    public static ushort Compute(IPv4Address source, IPv4Address destination, IPProtocol protocol, ReadOnlySpan<byte> segment) =>
        Fold(Sum(segment) + Halves(source.Value) + Halves(destination.Value) + (ulong)protocol + (ulong)segment.Length);

    /// <inheritdoc cref="Compute(IPv4Address, IPv4Address, IPProtocol, ReadOnlySpan{byte})"/>
    public static ushort Compute(IPv6Address source, IPv6Address destination, IPProtocol protocol, ReadOnlySpan<byte> segment) =>
        Fold(Sum(segment) + Halves(source) + Halves(destination) + (ulong)protocol + (ulong)segment.Length);

    private static ulong Halves(uint value) => (value >> 16) + (value & 0xffff);

    private static ulong Halves(IPv6Address address) =>
        Halves((uint)(address.High >> 32)) + Halves((uint)address.High) + Halves((uint)(address.Low >> 32)) + Halves((uint)address.Low);

    /// <summary>Adds 32 bits at a time: 2^32 of them fit before the sum overflows, and 2^16 ≡ 1 in one's complement.</summary>
    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            sum += BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }

        if (bytes.Length >= 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
            bytes = bytes[2..];
        }

        return bytes.Length == 1 ? sum + ((ulong)bytes[0] << 8) : sum;
    }

    private static ushort Fold(ulong sum)
    {
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
