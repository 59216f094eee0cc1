using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Packets;

/// <summary>An IPv4 address as a number in host order: 10.0.0.1 is 0x0a000001.</summary>
public readonly record struct IPv4Address(uint Value) : IUtf8SpanFormattable
{
    public const int Size = 4;

    /// <summary>Characters of the longest text.</summary>
    internal const int MaxText = 15;

    /// <param name="bytes">At least four bytes in network order.</param>
    public static IPv4Address Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>Reads four decimal parts; the short and hexadecimal forms that <see cref="IPAddress"/> takes are not addresses here.</summary>
    public static IPv4Address Parse(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetwork
            && text.AsSpan().Count('.') == 3
            ? From(address)
            : throw new FormatException($"'{text}' is not an IPv4 address");

    public static IPv4Address From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[Size];
        return address.AddressFamily == AddressFamily.InterNetwork && address.TryWriteBytes(bytes, out _)
            ? Read(bytes)
            : throw new ArgumentException($"'{address}' is not an IPv4 address", nameof(address));
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return new IPAddress(bytes);
    }

    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(destination, Value);

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

    /// <summary>Writes at most <see cref="MaxText"/> bytes and gives their number.</summary>
    internal int Write(Span<byte> text)
    {
        int at = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            ((byte)(Value >> shift)).TryFormat(text[at..], out int written, default, CultureInfo.InvariantCulture);
            at += written;
            if (shift > 0)
            {
                text[at++] = (byte)'.';
            }
        }

        return at;
    }
}
