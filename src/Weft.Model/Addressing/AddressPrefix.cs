using System.Net;
using System.Net.Sockets;

namespace Weft.Model.Addressing;

/// <summary>Addresses and prefixes of either family, handled alike.</summary>
public static class AddressPrefix
{
    public static bool IsIPv6(this IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.AddressFamily == AddressFamily.InterNetworkV6;
    }

    /// <summary>The prefix that holds this address alone: /32 or /128.</summary>
    public static IPNetwork AsPrefix(this IPAddress address) => new(address, address.IsIPv6() ? 128 : 32);

    /// <summary>The prefix of this length that the address is in.</summary>
    public static IPNetwork Within(this IPAddress address, int length)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int count);
        bytes = bytes[..count];
        for (int bit = length; bit < count * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }

    /// <summary>Whether a prefix of the same family lies in this one, or is it.</summary>
    public static bool Covers(this IPNetwork network, IPNetwork other) =>
        network.BaseAddress.AddressFamily == other.BaseAddress.AddressFamily
        && network.PrefixLength <= other.PrefixLength && network.Contains(other.BaseAddress);
}
