using Weft.Netlink.Uapi;

namespace Weft.Netlink.Netfilter.Text;

/// <summary>What rules do.</summary>
internal sealed partial class RuleText
{
    private void Act(Expression expression)
    {
        string? text = expression.Name switch
        {
            "counter" => _context.WithState
                ? $"counter packets {expression.Long(NfTablesH.NFTA_COUNTER_PACKETS)} bytes {expression.Long(NfTablesH.NFTA_COUNTER_BYTES)}"
                : "counter",
            "limit" => Limit(expression),
            "connlimit" => $"ct count {((expression.Number(NfTablesH.NFTA_CONNLIMIT_FLAGS) & NfTablesH.NFT_CONNLIMIT_F_INV) != 0 ? "over " : "")}"
                + $"{expression.Number(NfTablesH.NFTA_CONNLIMIT_COUNT)}",
            "quota" => Quota(expression),
            "log" => Log(expression),
            "reject" => Reject(expression),
            "notrack" => "notrack",
            "queue" => Queue(expression),
            "nat" => Nat(expression),
            "masq" => "masquerade" + Ports(expression, NfTablesH.NFTA_MASQ_REG_PROTO_MIN, NfTablesH.NFTA_MASQ_REG_PROTO_MAX)
                + NatFlags(expression.Number(NfTablesH.NFTA_MASQ_FLAGS)),
            "redir" => "redirect" + Ports(expression, NfTablesH.NFTA_REDIR_REG_PROTO_MIN, NfTablesH.NFTA_REDIR_REG_PROTO_MAX)
                + NatFlags(expression.Number(NfTablesH.NFTA_REDIR_FLAGS)),
            "objref" => expression.Number(NfTablesH.NFTA_OBJREF_IMM_TYPE) switch
            {
                1 => $"counter name \"{expression.Text(NfTablesH.NFTA_OBJREF_IMM_NAME)}\"",
                2 => $"quota name \"{expression.Text(NfTablesH.NFTA_OBJREF_IMM_NAME)}\"",
                4 => $"limit name \"{expression.Text(NfTablesH.NFTA_OBJREF_IMM_NAME)}\"",
                _ => null,
            },
            "match" => XtText.OfMatch(expression, _transport),
            "target" => XtText.OfTarget(expression, _rule.Family == NetfilterFamily.IPv6),
            _ => null,
        };
        switch (expression.Name)
        {
            case "exthdr":
                ExtensionHeader(expression);
                break;
            case "dynset":
                Dynset(expression);
                break;
            default:
                Add(text ?? $"[{expression.Name}]");
                break;
        }
    }

    private static string Limit(Expression expression)
    {
        ulong rate = expression.Long(NfTablesH.NFTA_LIMIT_RATE);
        uint burst = expression.Number(NfTablesH.NFTA_LIMIT_BURST);
        string unit = expression.Long(NfTablesH.NFTA_LIMIT_UNIT) switch
        {
            1 => "second",
            60 => "minute",
            3600 => "hour",
            86400 => "day",
            604800 => "week",
            ulong seconds => $"{seconds}s",
        };
        string over = (expression.Number(NfTablesH.NFTA_LIMIT_FLAGS) & NfTablesH.NFT_LIMIT_F_INV) != 0 ? "over " : "";
        return expression.Number(NfTablesH.NFTA_LIMIT_TYPE) == NfTablesH.NFT_LIMIT_PKTS
            ? $"limit rate {over}{rate}/{unit}{(burst is 0 or 5 ? "" : $" burst {burst} packets")}"
            : $"limit rate {over}{Size(rate)}/{unit}{(burst == 0 ? "" : $" burst {Size(burst)}")}";
    }

    private static string Quota(Expression expression)
    {
        string over = (expression.Number(NfTablesH.NFTA_QUOTA_FLAGS) & NfTablesH.NFT_QUOTA_F_INV) != 0 ? "over " : "";
        return $"quota {over}{Size(expression.Long(NfTablesH.NFTA_QUOTA_BYTES))}";
    }

    private static string Size(ulong bytes) =>
        bytes > 0 && bytes % (1024 * 1024) == 0 ? $"{bytes / (1024 * 1024)} mbytes"
        : bytes > 0 && bytes % 1024 == 0 ? $"{bytes / 1024} kbytes"
        : $"{bytes} bytes";

    private static string Log(Expression expression)
    {
        string text = "log";
        if (expression.Text(NfTablesH.NFTA_LOG_PREFIX) is { Length: > 0 } prefix)
        {
            text += $" prefix \"{prefix}\"";
        }

        if (expression.Has(NfTablesH.NFTA_LOG_GROUP))
        {
            text += $" group {expression.Short(NfTablesH.NFTA_LOG_GROUP)}";
            text += expression.Number(NfTablesH.NFTA_LOG_SNAPLEN) is > 0 and uint length ? $" snaplen {length}" : "";
            return text + (expression.Short(NfTablesH.NFTA_LOG_QTHRESHOLD) is > 0 and ushort threshold ? $" queue-threshold {threshold}" : "");
        }

        text += expression.Number(NfTablesH.NFTA_LOG_LEVEL) switch
        {
            0 => " level emerg",
            1 => " level alert",
            2 => " level crit",
            3 => " level err",
            5 => " level notice",
            6 => " level info",
            7 => " level debug",
            8 => " level audit",
            _ => "",
        };
        return text + LogFlags(expression.Number(NfTablesH.NFTA_LOG_FLAGS));
    }

    private static string LogFlags(uint flags)
    {
        const uint All = 0x2f;
        if ((flags & All) == All)
        {
            return " flags all";
        }

        string tcp = (flags & 3) switch { 1 => "sequence", 2 => "options", 3 => "sequence,options", _ => "" };
        return (tcp.Length > 0 ? $" flags tcp {tcp}" : "") + ((flags & 4) != 0 ? " flags ip options" : "")
            + ((flags & 8) != 0 ? " flags skuid" : "") + ((flags & 32) != 0 ? " flags ether" : "");
    }

    private string Reject(Expression expression)
    {
        uint code = expression.TryFind(NfTablesH.NFTA_REJECT_ICMP_CODE, out Wire.NetlinkAttribute attribute) ? attribute.AsByte() : 0u;
        switch (expression.Number(NfTablesH.NFTA_REJECT_TYPE))
        {
            case NfTablesH.NFT_REJECT_TCP_RST:
                return "reject with tcp reset";
            case NfTablesH.NFT_REJECT_ICMPX_UNREACH:
                return code == 1 ? "reject" : $"reject with icmpx {ValueNames.IcmpxCode(code)}";
            case NfTablesH.NFT_REJECT_ICMP_UNREACH:
                bool isIPv6 = _network == HeaderFields.IPv6;
                bool isDefault = code == (isIPv6 ? 4u : 3u) && _rule.Family is NetfilterFamily.IPv4 or NetfilterFamily.IPv6;
                Imply(Layer.Network);
                return isDefault ? "reject"
                    : isIPv6 ? $"reject with icmpv6 {ValueText.Of(ValueKind.Icmpv6Code, code, _context.NameOf)}"
                    : $"reject with icmp {ValueText.Of(ValueKind.IcmpCode, code, _context.NameOf)}";
            default:
                return "[reject]";
        }
    }

    private static string Queue(Expression expression)
    {
        uint flags = expression.Short(NfTablesH.NFTA_QUEUE_FLAGS);
        ushort first = expression.Short(NfTablesH.NFTA_QUEUE_NUM);
        ushort total = expression.Short(NfTablesH.NFTA_QUEUE_TOTAL);
        string[] words =
        [
            .. (flags & NfTablesH.NFT_QUEUE_FLAG_BYPASS) != 0 ? ["bypass"] : Array.Empty<string>(),
            .. (flags & NfTablesH.NFT_QUEUE_FLAG_CPU_FANOUT) != 0 ? ["fanout"] : Array.Empty<string>(),
        ];
        return $"queue{(words.Length > 0 ? $" flags {string.Join(',', words)}" : "")} to {first}{(total > 1 ? $"-{first + total - 1}" : "")}";
    }

    private string? Nat(Expression expression)
    {
        string kind = expression.Number(NfTablesH.NFTA_NAT_TYPE) == NfTablesH.NFT_NAT_SNAT ? "snat" : "dnat";
        bool isIPv6 = expression.Number(NfTablesH.NFTA_NAT_FAMILY) == NfNetlinkH.NFPROTO_IPV6;
        ValueKind address = isIPv6 ? ValueKind.IPv6 : ValueKind.IPv4;
        Operand? from = Find(expression, NfTablesH.NFTA_NAT_REG_ADDR_MIN);
        Operand? to = Find(expression, NfTablesH.NFTA_NAT_REG_ADDR_MAX) ?? from;
        Operand? port = Find(expression, NfTablesH.NFTA_NAT_REG_PROTO_MIN);
        bool both = from is not null && ReferenceEquals(from, port);
        string family = both || (from is not null && _rule.Family == NetfilterFamily.Inet) ? isIPv6 ? " ip6" : " ip" : "";
        if (from is null && port is null)
        {
            return null;
        }

        string? first = from is null ? "" : Written(from, address);
        string? last = to is null ? "" : Written(to, address);
        string? ports = both ? "" : Ports(expression, NfTablesH.NFTA_NAT_REG_PROTO_MIN, NfTablesH.NFTA_NAT_REG_PROTO_MAX, " to :", " to :");
        if (first is null || last is null)
        {
            return null;
        }

        string text = first == last ? first : $"{first}-{last}";
        text = isIPv6 && ports.Length > 0 ? $"[{text}]" : text;
        return $"{kind}{family} to {text}{ports.Replace(" to ", "", StringComparison.Ordinal)}{NatFlags(expression.Number(NfTablesH.NFTA_NAT_FLAGS))}";
    }

    private Operand? Find(Expression expression, ushort type) =>
        expression.Number(type) is > 0 and uint register ? _registers.Get(register) : null;

    /// <summary><c> to :80</c>, or nothing.</summary>
    private string Ports(Expression expression, ushort min, ushort max, string prefix = " to :", string unknown = " to :")
    {
        if (Find(expression, min) is not { } first)
        {
            return "";
        }

        Operand last = Find(expression, max) ?? first;
        string from = Written(first, ValueKind.Port) ?? "[?]";
        string to = Written(last, ValueKind.Port) ?? "[?]";
        return from == to ? prefix + from : $"{unknown}{from}-{to}";
    }

    private static string NatFlags(uint flags)
    {
        List<string> words = [];
        foreach ((uint flag, string word) in ((uint, string)[])[(4, "random"), (16, "fully-random"), (8, "persistent")])
        {
            if ((flags & flag) != 0)
            {
                words.Add(word);
            }
        }

        return words.Count == 0 ? "" : $" {string.Join(',', words)}";
    }

    private void ExtensionHeader(Expression expression)
    {
        const byte MaxSegmentSize = 2;
        bool known = expression.Number(NfTablesH.NFTA_EXTHDR_OP) == NfTablesH.NFT_EXTHDR_OP_TCPOPT
            && expression.TryFind(NfTablesH.NFTA_EXTHDR_TYPE, out Wire.NetlinkAttribute type) && type.AsByte() == MaxSegmentSize
            && expression.Number(NfTablesH.NFTA_EXTHDR_OFFSET) == 2 && expression.Number(NfTablesH.NFTA_EXTHDR_LEN) == 2;
        if (expression.Has(NfTablesH.NFTA_EXTHDR_SREG))
        {
            string? value = Written(_registers.Get(expression.Number(NfTablesH.NFTA_EXTHDR_SREG)), ValueKind.Decimal);
            if (known && value is not null)
            {
                Imply(Layer.Transport);
                Add($"tcp option maxseg size set {value}");
            }
            else
            {
                AddUnknown(expression);
            }

            return;
        }

        if (!known)
        {
            AddUnknown(expression);
        }

        Load(expression.Number(NfTablesH.NFTA_EXTHDR_DREG), new Operand(known ? "tcp option maxseg size" : null, ValueKind.Decimal, 2));
    }
}
