using System.Net.Sockets;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Netlink.Netfilter;

/// <summary>Finds rules of iptables-legacy, which packets meet beside those of nftables.</summary>
/// <remarks>The kernel tells their steps to the family's logger (nf_log), not to listeners of nf_tables.</remarks>
public static class LegacyTables
{
    // linux/netfilter_ipv4/ip_tables.h and ip6_tables.h: struct ipt_getinfo and IPT_SO_GET_INFO, the same for both.
    private const int GetInfo = 64;
    private const int InfoSize = 84;
    private const int NameSize = 32;
    private const int ValidHooksAt = 32;
    private const int EntriesAt = 76;
    private const int SOL_IP = 0;
    private const int SOL_IPV6 = 41;

    /// <summary>Tables with rules in the network namespace of the process.</summary>
    public static IReadOnlyList<LegacyTable> List() =>
    [
        .. List(NetfilterFamily.IPv4, "/proc/net/ip_tables_names"),
        .. List(NetfilterFamily.IPv6, "/proc/net/ip6_tables_names"),
    ];

    /// <param name="namesFile">The kernel's list of tables that somebody has asked for.</param>
    internal static IEnumerable<LegacyTable> List(NetfilterFamily family, string namesFile)
    {
        string[] names;
        try
        {
            names = File.ReadAllLines(namesFile);
        }
        catch (IOException)
        {
            // No such tables in this kernel.
            return [];
        }

        return [.. names.Select(name => new LegacyTable(family, name, CountRules(family, name))).Where(static table => table.Rules > 0)];
    }

    private static int CountRules(NetfilterFamily family, string name)
    {
        Span<byte> info = stackalloc byte[InfoSize];
        info.Clear();
        if (Encoding.UTF8.GetByteCount(name) >= NameSize)
        {
            return 0;
        }

        Encoding.UTF8.GetBytes(name, info);
        bool isIPv6 = family == NetfilterFamily.IPv6;
        try
        {
            using Socket socket = new(isIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.GetRawSocketOption(isIPv6 ? SOL_IPV6 : SOL_IP, GetInfo, info);
        }
        catch (SocketException)
        {
            return 0;
        }

        // A policy for each hook, and an entry that ends the table.
        int policies = BitOperations.PopCount(MemoryMarshal.Read<uint>(info[ValidHooksAt..]));
        return MemoryMarshal.Read<int>(info[EntriesAt..]) - policies - 1;
    }
}
