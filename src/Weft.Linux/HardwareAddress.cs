using System.Buffers.Binary;
using System.Globalization;

namespace Weft.Linux;

/// <summary>An Ethernet address, kept in the low 48 bits, first byte on the wire highest.</summary>
public readonly record struct HardwareAddress(ulong Value)
{
    public const int Length = 6;

    public static HardwareAddress FromBytes(ReadOnlySpan<byte> bytes) =>
        new(((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]));

    /// <summary>Six pairs of hexadecimal digits between colons.</summary>
    public static HardwareAddress Parse(string text) =>
        TryParse(text, out HardwareAddress address)
            ? address
            : throw new FormatException($"'{text}' is not a hardware address such as 0a:1b:2c:3d:4e:5f");

    public static bool TryParse(string text, out HardwareAddress address)
    {
        address = default;
        const int textLength = (Length * 3) - 1;
        if (text.Length != textLength)
        {
            return false;
        }

        ulong value = 0;
        for (int at = 0; at < textLength; at += 3)
        {
            bool separated = at + 2 == textLength || text[at + 2] == ':';
            ReadOnlySpan<char> pair = text.AsSpan(at, 2);
            if (!separated || !byte.TryParse(pair, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte part))
            {
                return false;
            }

            value = (value << 8) | part;
        }

        address = new HardwareAddress(value);
        return true;
    }

    public void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], (uint)Value);
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return string.Create(
            CultureInfo.InvariantCulture, $"{bytes[0]:x2}:{bytes[1]:x2}:{bytes[2]:x2}:{bytes[3]:x2}:{bytes[4]:x2}:{bytes[5]:x2}");
    }
}
