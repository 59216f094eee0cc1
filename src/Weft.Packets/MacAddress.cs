using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Packets;

/// <summary>An Ethernet address.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct MacAddress : IUtf8SpanFormattable
{
    public const int Size = 6;

    private const int TextLength = Size * 3 - 1;

    private readonly byte _0, _1, _2, _3, _4, _5;

    /// <param name="bytes">At least six bytes, in the order of the wire.</param>
    public MacAddress(ReadOnlySpan<byte> bytes)
    {
        this = MemoryMarshal.Read<MacAddress>(bytes);
    }

    public static MacAddress Broadcast { get; } = new([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

    /// <summary>The group bit: multicast or broadcast.</summary>
    public bool IsGroup => (_0 & 1) != 0;

    /// <summary>Reads <c>aa:bb:cc:dd:ee:ff</c>, in either case.</summary>
    public static MacAddress Parse(string text) =>
        TryParse(text, out MacAddress mac) ? mac : throw new FormatException($"'{text}' is not an Ethernet address (aa:bb:cc:dd:ee:ff)");

    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress mac)
    {
        mac = default;
        if (text.Length != TextLength)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[Size];
        for (int i = 0; i < Size; i++)
        {
            if ((i > 0 && text[i * 3 - 1] != ':')
                || !byte.TryParse(text.Slice(i * 3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
            {
                return false;
            }
        }

        mac = new MacAddress(bytes);
        return true;
    }

    /// <summary>Writes the six bytes in the order of the wire.</summary>
    public void CopyTo(Span<byte> destination) => MemoryMarshal.Write(destination, in this);

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        bool fits = utf8Destination.Length >= TextLength;
        bytesWritten = fits ? TextLength : 0;
        if (fits)
        {
            Write(utf8Destination);
        }

        return fits;
    }

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[TextLength];
        Write(text);
        return Encoding.ASCII.GetString(text);
    }

    private void Write(Span<byte> text)
    {
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        ReadOnlySpan<byte> bytes = [_0, _1, _2, _3, _4, _5];
        for (int i = 0; i < Size; i++)
        {
            text[i * 3] = digits[bytes[i] >> 4];
            text[i * 3 + 1] = digits[bytes[i] & 0xf];
            if (i < Size - 1)
            {
                text[i * 3 + 2] = (byte)':';
            }
        }
    }
}
