using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Weft.Packets;

/// <summary>An Ethernet address.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct MacAddress : IUtf8SpanFormattable
{
    public const int Size = 6;

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
        if (text.Length != Size * 3 - 1)
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

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Utf8.TryWrite(utf8Destination, $"{_0:x2}:{_1:x2}:{_2:x2}:{_3:x2}:{_4:x2}:{_5:x2}", out bytesWritten);

    public override string ToString() => $"{_0:x2}:{_1:x2}:{_2:x2}:{_3:x2}:{_4:x2}:{_5:x2}";
}
