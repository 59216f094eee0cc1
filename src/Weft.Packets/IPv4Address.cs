using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Unicode;

namespace Weft.Packets;

/// <summary>An IPv4 address as a number in host order: 10.0.0.1 is 0x0a000001.</summary>
public readonly record struct IPv4Address(uint Value) : IUtf8SpanFormattable
{
    public const int Size = 4;

    private byte A => (byte)(Value >> 24);

    private byte B => (byte)(Value >> 16);

    private byte C => (byte)(Value >> 8);

    private byte D => (byte)Value;

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

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Utf8.TryWrite(utf8Destination, $"{A}.{B}.{C}.{D}", out bytesWritten);

    public override string ToString() => $"{A}.{B}.{C}.{D}";
}
