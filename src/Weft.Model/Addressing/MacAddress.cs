using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using Weft.Model.Json;
using Weft.Model.Labels;

namespace Weft.Model.Addressing;

/// <summary>An Ethernet address, kept in the low 48 bits, first byte on the wire highest.</summary>
[JsonConverter(typeof(MacAddressJsonConverter))]
public readonly record struct MacAddress(ulong Value)
{
    public const int Length = 6;

    public static MacAddress FromBytes(ReadOnlySpan<byte> bytes) =>
        new(((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..Length]));

    public void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..Length], (uint)Value);
    }

    /// <summary>Accepts six pairs of hexadecimal digits between colons.</summary>
    public static bool TryParse(string? text, out MacAddress mac, [NotNullWhen(false)] out string? error)
    {
        string[] parts = (text ?? "").Split(':', Length + 1);
        bool valid = parts.Length == Length;
        ulong value = 0;
        foreach (string part in parts)
        {
            valid &= part.Length == 2 && byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);
            value = valid ? (value << 8) | byte.Parse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : 0;
        }
        mac = new MacAddress(value);
        error = valid ? null : $"'{Printable.Excerpt(text)}' is not a MAC address such as 0a:1b:2c:3d:4e:5f";
        return valid;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(byte)(Value >> 40):x2}:{(byte)(Value >> 32):x2}:{(byte)(Value >> 24):x2}:{(byte)(Value >> 16):x2}:{(byte)(Value >> 8):x2}:{(byte)Value:x2}");
}
