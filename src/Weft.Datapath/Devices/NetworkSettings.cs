using Weft.Linux;

namespace Weft.Datapath.Devices;

/// <summary>Settings of devices that only /proc/sys/net has, in the network namespace of the calling thread.</summary>
/// <remarks>A kernel without IPv6 has no settings of it, and needs none.</remarks>
public static class NetworkSettings
{
    /// <summary>Strict reverse path filter, which the kernel applies to a device if either this or the device's own says so.</summary>
    private const string Strict = "1";

    /// <summary>
    /// A reason why packets of pods to this node itself would be dropped, or null: they come in by devices that no route back names.
    /// </summary>
    public static string? SourceFilterProblem() => Sysctl.Read("net/ipv4/conf/all/rp_filter") == Strict
        ? "kernel setting net/ipv4/conf/all/rp_filter is 1, which overrides that of every device: the kernel drops what pods send to "
            + "this node (set it to 0 or 2: 'sysctl -w net.ipv4.conf.all.rp_filter=0')"
        : null;

    /// <summary>No IPv6 packets that nobody asked for: no router discovery, no duplicate address detection, or no IPv6 at all.</summary>
    /// <remarks>Together with a device that is given no link-local address.</remarks>
    internal static void Quieten(string device, bool hasIPv6)
    {
        string settings = $"net/ipv6/conf/{device}";
        Sysctl.Write($"{settings}/disable_ipv6", hasIPv6 ? "0" : "1");
        if (!hasIPv6)
        {
            return;
        }

        foreach (string setting in (string[])["accept_ra", "autoconf", "accept_dad", "dad_transmits", "router_solicitations"])
        {
            Sysctl.Write($"{settings}/{setting}", "0");
        }
    }

    /// <summary>No reverse path filter: addresses of pods are behind devices that no route names.</summary>
    /// <remarks>The kernel applies the greater one of this and <c>all</c>; packets that BPF redirects meet neither.</remarks>
    internal static void AcceptAnySource(string device) => Sysctl.Write($"net/ipv4/conf/{device}/rp_filter", "0");

    /// <exception cref="DatapathException">The kernel has not taken it.</exception>
    internal static void Forward(string device, bool hasIPv6)
    {
        foreach (string family in (string[])(hasIPv6 ? ["ipv4", "ipv6"] : ["ipv4"]))
        {
            string setting = $"net/{family}/conf/{device}/forwarding";
            Sysctl.Write(setting, "1");
            if (Sysctl.Read(setting) != "1")
            {
                throw new DatapathException(
                    $"set {setting} to 1: it is '{Sysctl.Read(setting)}' afterwards: pods could not reach the world (is {family} switched "
                        + "off in this kernel or namespace?)");
            }
        }
    }
}
