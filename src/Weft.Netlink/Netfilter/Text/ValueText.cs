using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Weft.Netlink.Netfilter.Text;

/// <summary>Writes values as nft does.</summary>
internal static class ValueText
{
    public static bool IsHostOrder(ValueKind kind) => kind is >= ValueKind.HostDecimal and <= ValueKind.Boolean;

    public static ulong Number(ReadOnlySpan<byte> bytes, bool hostOrder)
    {
        Span<byte> wide = stackalloc byte[sizeof(ulong)];
        wide.Clear();
        ReadOnlySpan<byte> used = bytes.Length > sizeof(ulong) ? bytes[..sizeof(ulong)] : bytes;
        if (hostOrder && BitConverter.IsLittleEndian)
        {
            used.CopyTo(wide);
            return BinaryPrimitives.ReadUInt64LittleEndian(wide);
        }

        used.CopyTo(wide[(sizeof(ulong) - used.Length)..]);
        return BinaryPrimitives.ReadUInt64BigEndian(wide);
    }

    /// <param name="swapped">A value in the host's order was turned into network order, as ranges need it.</param>
    /// <param name="nameOf">Of a device by its index.</param>
    public static string Of(ValueKind kind, ReadOnlySpan<byte> bytes, bool swapped, Func<int, string?> nameOf) => kind switch
    {
        ValueKind.IPv4 when bytes.Length == 4 => new IPAddress(bytes).ToString(),
        ValueKind.IPv6 when bytes.Length == 16 => new IPAddress(bytes).ToString(),
        ValueKind.Ether => string.Join(':', bytes.ToArray().Select(static value => value.ToString("x2", CultureInfo.InvariantCulture))),
        ValueKind.InterfaceName or ValueKind.Text => Quoted(bytes, kind == ValueKind.InterfaceName),
        _ when bytes.Length > sizeof(ulong) => $"0x{Convert.ToHexStringLower(bytes)}",
        _ => Of(kind, Number(bytes, IsHostOrder(kind) && !swapped), nameOf),
    };

    public static string Of(ValueKind kind, ulong number, Func<int, string?> nameOf) => kind switch
    {
        ValueKind.Mark => string.Create(CultureInfo.InvariantCulture, $"0x{number:x8}"),
        ValueKind.Hex => string.Create(CultureInfo.InvariantCulture, $"0x{number:x}"),
        ValueKind.InterfaceIndex => nameOf((int)number) is { } name ? $"\"{name}\"" : Decimal(number),
        ValueKind.Milliseconds => Duration(number),
        ValueKind.IPv4 => new IPAddress(BinaryPrimitives.ReverseEndianness((uint)number)).ToString(),
        _ when ValueNames.IsFlags(kind) => ValueNames.OfFlags(kind, number) ?? string.Create(CultureInfo.InvariantCulture, $"0x{number:x}"),
        ValueKind.EtherType or ValueKind.Dscp => ValueNames.Of(kind, number)
            ?? $"0x{number.ToString(kind == ValueKind.Dscp ? "x2" : "x4", CultureInfo.InvariantCulture)}",
        _ => ValueNames.Of(kind, number) ?? Decimal(number),
    };

    /// <summary><c>1d2h3m4s5ms</c>.</summary>
    public static string Duration(ulong milliseconds)
    {
        if (milliseconds == 0)
        {
            return "0s";
        }

        StringBuilder text = new();
        foreach ((ulong unit, string name) in ((ulong, string)[])[(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms")])
        {
            if (milliseconds / unit is > 0 and ulong count)
            {
                text.Append(count).Append(name);
                milliseconds %= unit;
            }
        }

        return text.ToString();
    }

    public static string Decimal(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Quoted(ReadOnlySpan<byte> bytes, bool mayBeBeginning)
    {
        int end = bytes.IndexOf((byte)0);
        return $"\"{Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end])}{(end < 0 && mayBeBeginning && bytes.Length < 16 ? "*" : "")}\"";
    }
}
