using System.Net;
using System.Net.Sockets;

namespace Weft.Model.Addressing;

/// <summary>Addresses that mean something else than one machine on the network.</summary>
public static class SpecialAddress
{
    /// <returns>What the address is, as in "it is a loopback address"; null where it may be anybody's.</returns>
    public static string? Kind(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bool isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
        return address switch
        {
            _ when address.IsIPv4MappedToIPv6 => "an IPv4 address written as IPv6",
            _ when address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) => "the unspecified address",
            _ when address.Equals(IPAddress.Broadcast) => "the broadcast address",
            _ when IPAddress.IsLoopback(address) => "a loopback address",
            _ when address.IsIPv6Multicast || (isIPv4 && bytes[0] is >= 224 and < 240) => "a multicast address",
            _ when address.IsIPv6LinkLocal || (isIPv4 && bytes[0] == 169 && bytes[1] == 254) => "a link-local address",
            _ when isIPv4 && bytes[0] == 0 => "an address of 'this network'",
            _ => null,
        };
    }
}
