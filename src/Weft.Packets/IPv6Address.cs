using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Packets;

/// <summary>An IPv6 address in two halves in host order, printed as RFC 5952 asks.</summary>
public readonly record struct IPv6Address(ulong High, ulong Low) : IUtf8SpanFormattable
{
    public const int Size = 16;

    /// <summary>Characters of the longest text: eight groups of four, or six and an IPv4 address.</summary>
    private const int MaxText = 46;

    /// <summary>::ffff:a.b.c.d (RFC 4291 section 2.5.5.2).</summary>
    public bool IsIPv4Mapped => High == 0 && Low >> 32 == 0xffff;

    /// <param name="bytes">At least sixteen bytes in network order.</param>
    public static IPv6Address Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public static IPv6Address Parse(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? From(address)
            : throw new FormatException($"'{text}' is not an IPv6 address");

    public static IPv6Address From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[Size];
        return address.AddressFamily == AddressFamily.InterNetworkV6 && address.TryWriteBytes(bytes, out _)
            ? Read(bytes)
            : throw new ArgumentException($"'{address}' is not an IPv6 address", nameof(address));
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<byte> text = stackalloc byte[MaxText];
        int length = Write(text);
        bool fits = text[..length].TryCopyTo(utf8Destination);
        bytesWritten = fits ? length : 0;
        return fits;
    }

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxText];
        return Encoding.ASCII.GetString(text[..Write(text)]);
    }

    private int Write(Span<byte> text)
    {
        if (IsIPv4Mapped)
        {
            ReadOnlySpan<byte> prefix = "::ffff:"u8;
            prefix.CopyTo(text);
            return prefix.Length + new IPv4Address((uint)Low).Write(text[prefix.Length..]);
        }

        (int start, int length) = LongestZeroRun();
        int at = 0;
        for (int i = 0; i < 8; i++)
        {
            if (i == start)
            {
                text[at++] = (byte)':';
                text[at++] = (byte)':';
                i += length - 1;
                continue;
            }

            if (i > 0 && i != start + length)
            {
                text[at++] = (byte)':';
            }

            Group(i).TryFormat(text[at..], out int written, "x");
            at += written;
        }

        return at;
    }

    /// <summary>The first longest run of at least two zero groups (RFC 5952 section 4.2); start is -1 if there is none.</summary>
    private (int Start, int Length) LongestZeroRun()
    {
        (int Start, int Length) best = (-1, 1);
        int run = 0;
        for (int i = 0; i < 8; i++)
        {
            run = Group(i) == 0 ? run + 1 : 0;
            if (run > best.Length)
            {
                best = (i - run + 1, run);
            }
        }

        return best;
    }

    private ushort Group(int index) => (ushort)((index < 4 ? High : Low) >> (48 - index % 4 * 16));
}
