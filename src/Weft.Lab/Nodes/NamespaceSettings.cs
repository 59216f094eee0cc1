using Weft.Linux;

namespace Weft.Lab.Nodes;

/// <summary>Settings below /proc/sys/net of one network namespace.</summary>
internal static class NamespaceSettings
{
    private const string Disable = "disable_ipv6";

    /// <summary>Of devices to come. Addresses are usable at once, and none comes by itself, nor a question for routers.</summary>
    private static readonly (string Name, string Value)[] s_quiet =
    [
        ("accept_dad", "0"), ("dad_transmits", "0"), ("addr_gen_mode", "1"), ("accept_ra", "0"), ("autoconf", "0"),
        ("router_solicitations", "0"), ("accept_redirects", "0"),
    ];

    /// <summary>
    /// Switches IPv6 on or off, for devices to come and those that are there. Where it is off it would only clutter captures and
    /// event streams; where it is on, it says no more than it must.
    /// </summary>
    public static void SetIPv6(NetworkNamespace network, bool enabled) => network.Run(() =>
    {
        bool exists = Sysctl.Write($"net/ipv6/conf/default/{Disable}", enabled ? "0" : "1");
        Sysctl.Write($"net/ipv6/conf/all/{Disable}", enabled ? "0" : "1");
        if (enabled && !exists)
        {
            throw new LabException($"set up IPv6 in {network}: this kernel has none (use a topology without underlay6, address6 and podCIDR6)");
        }

        foreach ((string name, string value) in enabled ? s_quiet : [])
        {
            Sysctl.Write($"net/ipv6/conf/default/{name}", value);
        }
    });

    /// <summary>Makes it forward. Packets may come from where answers would not go: a service's node answers with the service's address.</summary>
    public static void MakeRouter(NetworkNamespace network, bool ipv6) => network.Run(() =>
    {
        Sysctl.Write("net/ipv4/ip_forward", "1");
        Sysctl.Write("net/ipv4/conf/all/rp_filter", "0");
        Sysctl.Write("net/ipv4/conf/default/rp_filter", "0");
        if (ipv6)
        {
            Sysctl.Write("net/ipv6/conf/all/forwarding", "1");
        }
    });
}
