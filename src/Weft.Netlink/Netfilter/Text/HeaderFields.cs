using System.Collections.Frozen;

namespace Weft.Netlink.Netfilter.Text;

/// <summary>Fields of headers by the names that nft has for them.</summary>
internal static class HeaderFields
{
    public const string Ether = "ether";
    public const string Vlan = "vlan";
    public const string IPv4 = "ip";
    public const string IPv6 = "ip6";
    public const string Arp = "arp";

    /// <summary>Any transport with ports.</summary>
    public const string Transport = "th";

    private static readonly FrozenDictionary<string, HeaderField[]> s_fields = new Dictionary<string, HeaderField[]>
    {
        [Ether] = [
            new("daddr", ValueKind.Ether, 0, 48), new("saddr", ValueKind.Ether, 48, 48), new("type", ValueKind.EtherType, 96, 16),
        ],
        // From the link header's start, as the kernel shows a tag there.
        [Vlan] = [
            new("pcp", ValueKind.Decimal, 112, 3), new("dei", ValueKind.Decimal, 115, 1), new("id", ValueKind.Decimal, 116, 12),
            new("type", ValueKind.EtherType, 128, 16),
        ],
        [IPv4] = [
            new("version", ValueKind.Decimal, 0, 4), new("hdrlength", ValueKind.Decimal, 4, 4), new("dscp", ValueKind.Dscp, 8, 6),
            new("ecn", ValueKind.Ecn, 14, 2), new("length", ValueKind.Decimal, 16, 16), new("id", ValueKind.Decimal, 32, 16),
            new("frag-off", ValueKind.Decimal, 48, 16), new("ttl", ValueKind.Decimal, 64, 8),
            new("protocol", ValueKind.Protocol, 72, 8), new("checksum", ValueKind.Decimal, 80, 16),
            new("saddr", ValueKind.IPv4, 96, 32), new("daddr", ValueKind.IPv4, 128, 32),
        ],
        [IPv6] = [
            new("version", ValueKind.Decimal, 0, 4), new("dscp", ValueKind.Dscp, 4, 6), new("ecn", ValueKind.Ecn, 10, 2),
            new("flowlabel", ValueKind.Decimal, 12, 20), new("length", ValueKind.Decimal, 32, 16),
            new("nexthdr", ValueKind.Protocol, 48, 8), new("hoplimit", ValueKind.Decimal, 56, 8),
            new("saddr", ValueKind.IPv6, 64, 128), new("daddr", ValueKind.IPv6, 192, 128),
        ],
        [Arp] = [
            new("htype", ValueKind.Decimal, 0, 16), new("ptype", ValueKind.EtherType, 16, 16), new("hlen", ValueKind.Decimal, 32, 8),
            new("plen", ValueKind.Decimal, 40, 8), new("operation", ValueKind.ArpOperation, 48, 16),
            new("saddr ether", ValueKind.Ether, 64, 48), new("saddr ip", ValueKind.IPv4, 112, 32),
            new("daddr ether", ValueKind.Ether, 144, 48), new("daddr ip", ValueKind.IPv4, 192, 32),
        ],
        [Transport] = Ports(),
        ["tcp"] = [
            .. Ports(), new("sequence", ValueKind.Decimal, 32, 32), new("ackseq", ValueKind.Decimal, 64, 32),
            new("doff", ValueKind.Decimal, 96, 4), new("reserved", ValueKind.Decimal, 100, 4), new("flags", ValueKind.TcpFlags, 104, 8),
            new("window", ValueKind.Decimal, 112, 16), new("checksum", ValueKind.Decimal, 128, 16), new("urgptr", ValueKind.Decimal, 144, 16),
        ],
        ["udp"] = [.. Ports(), new("length", ValueKind.Decimal, 32, 16), new("checksum", ValueKind.Decimal, 48, 16)],
        ["udplite"] = [.. Ports(), new("csumcov", ValueKind.Decimal, 32, 16), new("checksum", ValueKind.Decimal, 48, 16)],
        ["sctp"] = [.. Ports(), new("vtag", ValueKind.Decimal, 32, 32), new("checksum", ValueKind.Decimal, 64, 32)],
        ["dccp"] = Ports(),
        ["esp"] = [new("spi", ValueKind.Decimal, 0, 32), new("sequence", ValueKind.Decimal, 32, 32)],
        ["icmp"] = [
            new("type", ValueKind.IcmpType, 0, 8), new("code", ValueKind.IcmpCode, 8, 8), new("checksum", ValueKind.Decimal, 16, 16),
            new("id", ValueKind.Decimal, 32, 16), new("sequence", ValueKind.Decimal, 48, 16), new("gateway", ValueKind.Decimal, 32, 32),
        ],
        ["icmpv6"] = [
            new("type", ValueKind.Icmpv6Type, 0, 8), new("code", ValueKind.Icmpv6Code, 8, 8), new("checksum", ValueKind.Decimal, 16, 16),
            new("id", ValueKind.Decimal, 32, 16), new("sequence", ValueKind.Decimal, 48, 16), new("mtu", ValueKind.Decimal, 32, 32),
        ],
    }.ToFrozenDictionary();

    /// <summary>The header that an IP protocol number stands for; null: none that has fields here.</summary>
    public static string? TransportOf(ulong protocol) => protocol switch
    {
        1 => "icmp",
        6 => "tcp",
        17 => "udp",
        33 => "dccp",
        50 => "esp",
        58 => "icmpv6",
        132 => "sctp",
        136 => "udplite",
        _ => null,
    };

    public static HeaderField? Find(string header, int offset, int length)
    {
        foreach (HeaderField field in s_fields[header])
        {
            if (field.Offset == offset && field.Length == length)
            {
                return field;
            }
        }

        return null;
    }

    /// <summary>An address of which only the first bytes were loaded, as for a prefix that ends with a byte.</summary>
    public static HeaderField? FindBeginning(string header, int offset, int length)
    {
        foreach (HeaderField field in s_fields[header])
        {
            if (field.Kind is ValueKind.IPv4 or ValueKind.IPv6 && field.Offset == offset && field.Length > length)
            {
                return field;
            }
        }

        return null;
    }

    private static HeaderField[] Ports() => [new("sport", ValueKind.Port, 0, 16), new("dport", ValueKind.Port, 16, 16)];
}
