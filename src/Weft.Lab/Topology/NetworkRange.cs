using System.Net;
using System.Net.Sockets;

namespace Weft.Lab.Topology;

/// <summary>Arithmetic of networks.</summary>
internal static class NetworkRange
{
    /// <summary>Whether a host can have the address: it is inside, and neither the network's own nor its broadcast address.</summary>
    /// <remarks>In IPv6 the former is any router's (RFC 4291, subnet-router anycast), and the latter does not exist.</remarks>
    public static bool IsUsable(IPNetwork network, IPAddress address)
    {
        if (!network.Contains(address) || address.Equals(network.BaseAddress))
        {
            return false;
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 || !address.Equals(BroadcastOf(network));
    }

    public static bool Overlap(IPNetwork one, IPNetwork other) => one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);

    /// <summary>The first address of the network that a host can have and none does.</summary>
    /// <returns>Null if all are taken.</returns>
    public static IPAddress? FirstFree(IPNetwork network, IReadOnlyCollection<IPAddress> taken)
    {
        IPAddress candidate = Next(network.BaseAddress);
        while (IsUsable(network, candidate))
        {
            if (!taken.Contains(candidate))
            {
                return candidate;
            }

            candidate = Next(candidate);
        }

        return null;
    }

    private static IPAddress Next(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int at = bytes.Length - 1; at >= 0 && ++bytes[at] == 0; at--)
        {
            // carried into the byte before
        }

        return new IPAddress(bytes);
    }

    private static IPAddress BroadcastOf(IPNetwork network)
    {
        byte[] bytes = network.BaseAddress.GetAddressBytes();
        for (int bit = network.PrefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }
}
