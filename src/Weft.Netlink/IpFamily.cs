using System.Net;
using System.Net.Sockets;
using Weft.Netlink.Uapi;

namespace Weft.Netlink;

/// <summary>Addresses as the kernel numbers and masks them.</summary>
internal static class IpFamily
{
    private const int BitsOfByte = 8;

    public static byte Of(IPAddress address) => Is6(address) ? SocketH.AF_INET6 : SocketH.AF_INET;

    public static bool Is6(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>The network of all addresses of a family: what a route without a destination is for.</summary>
    public static IPNetwork Everything(byte family) =>
        family == SocketH.AF_INET6 ? new IPNetwork(IPAddress.IPv6Any, 0) : new IPNetwork(IPAddress.Any, 0);

    /// <returns>Null for a prefix that is too long for the family.</returns>
    public static IPNetwork? TryNetwork(IPAddress address, int prefixLength)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        if (prefixLength > length * BitsOfByte)
        {
            return null;
        }

        for (int bit = prefixLength; bit < length * BitsOfByte; bit++)
        {
            bytes[bit / BitsOfByte] &= (byte)~(0x80 >> (bit % BitsOfByte));
        }

        return new IPNetwork(new IPAddress(bytes[..length]), prefixLength);
    }
}
