using System.Collections.Frozen;

namespace Weft.Netlink.Netfilter.Text;

/// <summary>Names that nft prints for numbers (<c>nft describe</c> lists them).</summary>
internal static class ValueNames
{
    private static readonly FrozenDictionary<(ValueKind Kind, ulong Value), string> s_names = Build(
        (ValueKind.Protocol, [
            (1, "icmp"), (2, "igmp"), (4, "ipencap"), (6, "tcp"), (17, "udp"), (33, "dccp"), (41, "ipv6"), (47, "gre"), (50, "esp"),
            (51, "ah"), (58, "ipv6-icmp"), (89, "ospf"), (103, "pim"), (108, "ipcomp"), (112, "vrrp"), (115, "l2tp"), (132, "sctp"),
            (136, "udplite"),
        ]),
        (ValueKind.EtherType, [(0x0800, "ip"), (0x0806, "arp"), (0x86dd, "ip6"), (0x8100, "8021q"), (0x88a8, "8021ad")]),
        (ValueKind.NfProtocol, [(2, "ipv4"), (10, "ipv6")]),
        (ValueKind.PacketType, [(0, "host"), (1, "broadcast"), (2, "multicast"), (3, "other")]),
        (ValueKind.CtDirection, [(0, "original"), (1, "reply")]),
        (ValueKind.AddressType, [
            (0, "unspec"), (1, "unicast"), (2, "local"), (3, "broadcast"), (4, "anycast"), (5, "multicast"), (6, "blackhole"),
            (7, "unreachable"), (8, "prohibit"),
        ]),
        (ValueKind.InterfaceType, [(1, "ether"), (512, "ppp"), (768, "ipip"), (769, "ipip6"), (772, "loopback"), (776, "sit"), (778, "ipgre")]),
        (ValueKind.ArpOperation, [(1, "request"), (2, "reply"), (3, "rrequest"), (4, "rreply")]),
        (ValueKind.Ecn, [(0, "not-ect"), (1, "ect1"), (2, "ect0"), (3, "ce")]),
        (ValueKind.IcmpType, [
            (0, "echo-reply"), (3, "destination-unreachable"), (4, "source-quench"), (5, "redirect"), (8, "echo-request"),
            (9, "router-advertisement"), (10, "router-solicitation"), (11, "time-exceeded"), (12, "parameter-problem"),
            (13, "timestamp-request"), (14, "timestamp-reply"), (15, "info-request"), (16, "info-reply"),
            (17, "address-mask-request"), (18, "address-mask-reply"),
        ]),
        (ValueKind.IcmpCode, [
            (0, "net-unreachable"), (1, "host-unreachable"), (2, "prot-unreachable"), (3, "port-unreachable"), (4, "frag-needed"),
            (9, "net-prohibited"), (10, "host-prohibited"), (13, "admin-prohibited"),
        ]),
        (ValueKind.Icmpv6Type, [
            (1, "destination-unreachable"), (2, "packet-too-big"), (3, "time-exceeded"), (4, "parameter-problem"),
            (128, "echo-request"), (129, "echo-reply"), (130, "mld-listener-query"), (131, "mld-listener-report"),
            (132, "mld-listener-done"), (133, "nd-router-solicit"), (134, "nd-router-advert"), (135, "nd-neighbor-solicit"),
            (136, "nd-neighbor-advert"), (137, "nd-redirect"), (138, "router-renumbering"), (141, "ind-neighbor-solicit"),
            (142, "ind-neighbor-advert"), (143, "mld2-listener-report"),
        ]),
        (ValueKind.Icmpv6Code, [
            (0, "no-route"), (1, "admin-prohibited"), (3, "addr-unreachable"), (4, "port-unreachable"), (5, "policy-fail"),
            (6, "reject-route"),
        ]),
        (ValueKind.Dscp, [
            (0, "cs0"), (8, "cs1"), (16, "cs2"), (24, "cs3"), (32, "cs4"), (40, "cs5"), (48, "cs6"), (56, "cs7"), (1, "lephb"),
            (10, "af11"), (12, "af12"), (14, "af13"), (18, "af21"), (20, "af22"), (22, "af23"), (26, "af31"), (28, "af32"),
            (30, "af33"), (34, "af41"), (36, "af42"), (38, "af43"), (44, "va"), (46, "ef"),
        ]));

    /// <summary>Flags in the order in which they are printed.</summary>
    private static readonly FrozenDictionary<ValueKind, (ulong Bit, string Name)[]> s_flags = new Dictionary<ValueKind, (ulong, string)[]>
    {
        [ValueKind.CtState] = [(1, "invalid"), (2, "established"), (4, "related"), (8, "new"), (64, "untracked")],
        [ValueKind.CtStatus] = [
            (1, "expected"), (2, "seen-reply"), (4, "assured"), (8, "confirmed"), (16, "snat"), (32, "dnat"), (512, "dying"),
        ],
        [ValueKind.TcpFlags] = [
            (1, "fin"), (2, "syn"), (4, "rst"), (8, "psh"), (16, "ack"), (32, "urg"), (64, "ecn"), (128, "cwr"),
        ],
    }.ToFrozenDictionary();

    /// <summary>Codes of <c>reject with icmpx</c>.</summary>
    public static string IcmpxCode(uint code) => code switch
    {
        0 => "no-route",
        1 => "port-unreachable",
        2 => "host-unreachable",
        3 => "admin-prohibited",
        _ => $"{code}",
    };

    public static string? Of(ValueKind kind, ulong value) => s_names.GetValueOrDefault((kind, value));

    public static bool IsFlags(ValueKind kind) => s_flags.ContainsKey(kind);

    /// <summary>Null where a bit has no name.</summary>
    public static string? OfFlags(ValueKind kind, ulong value)
    {
        List<string> found = [];
        foreach ((ulong bit, string name) in s_flags[kind])
        {
            if ((value & bit) != 0)
            {
                found.Add(name);
                value &= ~bit;
            }
        }

        return value == 0 && found.Count > 0 ? string.Join(',', found) : null;
    }

    private static FrozenDictionary<(ValueKind Kind, ulong Value), string> Build(
        params (ValueKind Kind, (ulong Value, string Name)[] Names)[] tables) => tables
        .SelectMany(static table => table.Names.Select(pair => (Key: (table.Kind, pair.Value), pair.Name)))
        .ToFrozenDictionary(static pair => pair.Key, static pair => pair.Name);
}
