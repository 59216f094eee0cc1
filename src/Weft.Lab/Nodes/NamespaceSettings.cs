using Weft.Linux;

namespace Weft.Lab.Nodes;

/// <summary>Settings below /proc/sys/net of one network namespace.</summary>
internal static class NamespaceSettings
{
    private const string DisableIPv6File = "/proc/sys/net/ipv6/conf/{0}/disable_ipv6";

    /// <summary>A lab is IPv4: router solicitations and multicast reports of IPv6 would only clutter captures and event streams.</summary>
    public static void DisableIPv6(NetworkNamespace network) => network.Run(() =>
    {
        foreach (string scope in new[] { "default", "all" })
        {
            string file = DisableIPv6File.Replace("{0}", scope, StringComparison.Ordinal);
            if (File.Exists(file)) // absent where the kernel has no IPv6
            {
                File.WriteAllText(file, "1");
            }
        }
    });
}
