using Weft.Linux;

namespace Weft.Datapath.Devices;

/// <summary>Settings of devices that only /proc/sys/net has, in the network namespace of the calling thread.</summary>
internal static class NetworkSettings
{
    /// <summary>No IPv6 on the device: no neighbour and multicast packets that nobody asked for.</summary>
    /// <remarks>A kernel without IPv6 has no such setting, and needs none.</remarks>
    public static void Quieten(string device) => Sysctl.Write($"net/ipv6/conf/{device}/disable_ipv6", "1");

    /// <summary>No reverse path filter: addresses of pods are behind devices that no route names.</summary>
    /// <remarks>The kernel applies the greater one of this and <c>all</c>; packets that BPF redirects meet neither.</remarks>
    public static void AcceptAnySource(string device) => Sysctl.Write($"net/ipv4/conf/{device}/rp_filter", "0");
}
