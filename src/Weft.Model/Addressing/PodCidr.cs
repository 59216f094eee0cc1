using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using Weft.Model.Json;
using Weft.Model.Labels;

namespace Weft.Model.Addressing;

/// <summary>The range that a node gives its pods addresses from, with the arithmetic over it.</summary>
/// <remarks>Offsets count from the network address. In IPv4 the first and last address are left alone unless the range is a /31.</remarks>
[JsonConverter(typeof(PodCidrJsonConverter))]
public readonly record struct PodCidr
{
    private PodCidr(IPNetwork network) => Network = network;

    public IPNetwork Network { get; }

    public bool IsIPv4 => Network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>Addresses in the range, those that cannot be given included. An IPv6 range counts at most 2^64.</summary>
    public UInt128 Size => UInt128.One << (AddressBits - Network.PrefixLength);

    public UInt128 FirstUsable => Size > 2 ? UInt128.One : UInt128.Zero;

    public UInt128 LastUsable => IsIPv4 && Size > 2 ? Size - 2 : Size - 1;

    public UInt128 UsableCount => LastUsable - FirstUsable + 1;

    private int AddressBits => IsIPv4 ? 32 : 128;

    public static PodCidr Parse(string text) => TryParse(text, out PodCidr cidr, out string? error) ? cidr : throw new FormatException(error);

    public static bool TryParse(string? text, out PodCidr cidr, [NotNullWhen(false)] out string? error)
    {
        cidr = default;
        if (!AddressText.TryParse(text, out IPNetwork network))
        {
            error = $"'{Printable.Excerpt(text)}' is not a pod CIDR: give network and length with no host bits set, such as 10.0.1.0/24";
            return false;
        }
        bool isIPv4 = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        (int shortest, int longest) = isIPv4 ? (8, 31) : (64, 127);
        error = network.PrefixLength < shortest || network.PrefixLength > longest
            ? $"pod CIDR {network} is out of bounds: an {(isIPv4 ? "IPv4" : "IPv6")} range has a length from /{shortest} to /{longest}"
            : null;
        cidr = error is null ? new PodCidr(network) : default;
        return error is null;
    }

    /// <summary>An IPv4-mapped IPv6 address is in no IPv4 range, unlike for <see cref="IPNetwork"/>.</summary>
    public bool Contains(IPAddress address) => address.AddressFamily == Network.BaseAddress.AddressFamily && Network.Contains(address);

    public bool Overlaps(PodCidr other) =>
        IsIPv4 == other.IsIPv4 && (Network.Contains(other.Network.BaseAddress) || other.Network.Contains(Network.BaseAddress));

    public IPAddress AddressAt(UInt128 offset)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, Size);
        Span<byte> bytes = stackalloc byte[16];
        Network.BaseAddress.TryWriteBytes(bytes, out int length);
        if (length == 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, BinaryPrimitives.ReadUInt32BigEndian(bytes) + (uint)offset);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes, BinaryPrimitives.ReadUInt128BigEndian(bytes) + offset);
        }
        return new IPAddress(bytes[..length]);
    }

    /// <summary>Distance from the network address; the address must be inside the range.</summary>
    public UInt128 OffsetOf(IPAddress address)
    {
        if (!Contains(address))
        {
            throw new ArgumentOutOfRangeException(nameof(address), $"{address} is not in {this}");
        }
        return Number(address) - Number(Network.BaseAddress);
    }

    public override string ToString() => Network.ToString();

    private static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
