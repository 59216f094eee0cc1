using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>
/// An address in the datapath's one form: 16 bytes in network order, IPv4 as v4-mapped (::ffff:a.b.c.d, RFC 4291
/// section 2.5.5.2). All zero means "none".
/// </summary>
[BtfStruct("weft_addr", Opaque = true)]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct WeftAddress
{
    public const int Size = 16;

    /// <summary>Bits in front of an IPv4 prefix: a /24 is 96 + 24 in keys of the ipcache.</summary>
    public const int IPv4PrefixBits = 96;

    private readonly Be32 _word0, _word1, _word2, _word3;

    /// <param name="bytes">Four bytes (IPv4), or sixteen (the form itself, or IPv6), in network order.</param>
    public WeftAddress(ReadOnlySpan<byte> bytes)
    {
        switch (bytes.Length)
        {
            case 4:
                _word2 = 0xffff;
                _word3 = MemoryMarshal.Read<Be32>(bytes);
                break;
            case Size:
                this = MemoryMarshal.Read<WeftAddress>(bytes);
                break;
            default:
                throw new ArgumentException($"an address has 4 or 16 bytes, not {bytes.Length}", nameof(bytes));
        }
    }

    private WeftAddress(uint ipv4)
    {
        _word2 = 0xffff;
        _word3 = ipv4;
    }

    public static WeftAddress None => default;

    public bool IsNone => this == default;

    public bool IsIPv4 => _word0 == 0u && _word1 == 0u && _word2 == 0xffffu;

    /// <summary>The IPv4 address as a number (10.0.0.1 is 0x0a000001); meaningless unless <see cref="IsIPv4"/>.</summary>
    public uint IPv4 => _word3;

    public static WeftAddress FromIPv4(uint address) => new(address);

    public static WeftAddress From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[Size];
        return address.TryWriteBytes(bytes, out int written)
            ? new WeftAddress(bytes[..written])
            : throw new ArgumentException($"'{address}' is not an address", nameof(address));
    }

    public static WeftAddress Parse(string text) => From(IPAddress.Parse(text));

    public static bool TryParse(string? text, out WeftAddress address)
    {
        if (!IPAddress.TryParse(text, out IPAddress? parsed))
        {
            address = default;
            return false;
        }

        address = From(parsed);
        return true;
    }

    /// <summary>IPv4 where the address is v4-mapped, so a v4-mapped IPv6 address does not come back as one.</summary>
    public IPAddress ToIPAddress() => IsIPv4 ? new IPAddress(Bytes()[12..]) : new IPAddress(Bytes());

    public AddressFamily Family => IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;

    /// <summary>Writes the sixteen bytes of the form.</summary>
    public void CopyTo(Span<byte> destination) => Bytes().CopyTo(destination);

    public override string ToString() => ToIPAddress().ToString();

    [UnscopedRef]
    private ReadOnlySpan<byte> Bytes() => MemoryMarshal.AsBytes(new ReadOnlySpan<WeftAddress>(in this));
}
