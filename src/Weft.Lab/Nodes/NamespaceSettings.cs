using Weft.Linux;

namespace Weft.Lab.Nodes;

/// <summary>Settings below /proc/sys/net of one network namespace.</summary>
internal static class NamespaceSettings
{
    /// <summary>Devices to come, and those that are there.</summary>
    private static readonly string[] s_disableIPv6 =
        ["/proc/sys/net/ipv6/conf/default/disable_ipv6", "/proc/sys/net/ipv6/conf/all/disable_ipv6"];

    /// <summary>A lab is IPv4: router solicitations and multicast reports of IPv6 would only clutter captures and event streams.</summary>
    public static void DisableIPv6(NetworkNamespace network) => network.Run(() =>
    {
        foreach (string file in s_disableIPv6.Where(File.Exists)) // absent where the kernel has no IPv6
        {
            File.WriteAllText(file, "1");
        }
    });
}
