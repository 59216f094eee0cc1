using Weft.Netlink.Uapi;

namespace Weft.Netlink.Netfilter.Text;

/// <summary>What rules look at.</summary>
internal sealed partial class RuleText
{
    private void Meta(Expression expression)
    {
        uint key = expression.Number(NfTablesH.NFTA_META_KEY);
        (string? name, ValueKind kind, int length) = key switch
        {
            NfTablesH.NFT_META_LEN => ("meta length", ValueKind.HostDecimal, 4),
            NfTablesH.NFT_META_PROTOCOL => ("meta protocol", ValueKind.EtherType, 2),
            NfTablesH.NFT_META_MARK => ("meta mark", ValueKind.Mark, 4),
            NfTablesH.NFT_META_IIF => ("iif", ValueKind.InterfaceIndex, 4),
            NfTablesH.NFT_META_OIF => ("oif", ValueKind.InterfaceIndex, 4),
            NfTablesH.NFT_META_IIFNAME => ("iifname", ValueKind.InterfaceName, 16),
            NfTablesH.NFT_META_OIFNAME => ("oifname", ValueKind.InterfaceName, 16),
            NfTablesH.NFT_META_IIFTYPE => ("meta iiftype", ValueKind.InterfaceType, 2),
            NfTablesH.NFT_META_OIFTYPE => ("meta oiftype", ValueKind.InterfaceType, 2),
            NfTablesH.NFT_META_SKUID => ("meta skuid", ValueKind.HostDecimal, 4),
            NfTablesH.NFT_META_SKGID => ("meta skgid", ValueKind.HostDecimal, 4),
            NfTablesH.NFT_META_NFTRACE => ("meta nftrace", ValueKind.HostDecimal, 1),
            NfTablesH.NFT_META_NFPROTO => ("meta nfproto", ValueKind.NfProtocol, 1),
            NfTablesH.NFT_META_L4PROTO => ("meta l4proto", ValueKind.Protocol, 1),
            NfTablesH.NFT_META_PKTTYPE => ("meta pkttype", ValueKind.PacketType, 1),
            NfTablesH.NFT_META_CPU => ("meta cpu", ValueKind.HostDecimal, 4),
            NfTablesH.NFT_META_CGROUP => ("meta cgroup", ValueKind.HostDecimal, 4),
            _ => (null, ValueKind.Unknown, 4),
        };
        if (expression.Has(NfTablesH.NFTA_META_SREG))
        {
            SetMeta(expression, key, name, kind);
            return;
        }

        if (name is null)
        {
            AddUnknown(expression);
        }

        Load(expression.Number(NfTablesH.NFTA_META_DREG), new Operand(name, kind, length)
        {
            Says = key switch
            {
                NfTablesH.NFT_META_IIFTYPE => Layer.Link,
                NfTablesH.NFT_META_PROTOCOL or NfTablesH.NFT_META_NFPROTO => Layer.Network,
                NfTablesH.NFT_META_L4PROTO => Layer.Transport,
                _ => Layer.None,
            },
        });
    }

    private void SetMeta(Expression expression, uint key, string? name, ValueKind kind)
    {
        Operand value = _registers.Get(expression.Number(NfTablesH.NFTA_META_SREG));
        if (key == NfTablesH.NFT_META_PRIORITY && value.Constant is { Length: 4 } handle)
        {
            ulong number = ValueText.Number(handle, hostOrder: true);
            Add($"meta priority set {number >> 16:x}:{number & 0xffff:x}");
        }
        else if (name is null || Written(value, kind) is not { } text)
        {
            AddUnknown(expression);
        }
        else
        {
            Add($"{name} set {text}");
        }
    }

    private void Ct(Expression expression)
    {
        bool isIPv6 = _network == HeaderFields.IPv6;
        (string? name, ValueKind kind, int length) = expression.Number(NfTablesH.NFTA_CT_KEY) switch
        {
            NfTablesH.NFT_CT_STATE => ("state", ValueKind.CtState, 4),
            NfTablesH.NFT_CT_DIRECTION => ("direction", ValueKind.CtDirection, 1),
            NfTablesH.NFT_CT_STATUS => ("status", ValueKind.CtStatus, 4),
            NfTablesH.NFT_CT_MARK => ("mark", ValueKind.Mark, 4),
            NfTablesH.NFT_CT_EXPIRATION => ("expiration", ValueKind.Milliseconds, 4),
            NfTablesH.NFT_CT_HELPER => ("helper", ValueKind.Text, 16),
            NfTablesH.NFT_CT_L3PROTOCOL => ("l3proto", ValueKind.NfProtocol, 1),
            NfTablesH.NFT_CT_PROTOCOL => ("protocol", ValueKind.Protocol, 1),
            NfTablesH.NFT_CT_PROTO_SRC => ("proto-src", ValueKind.Port, 2),
            NfTablesH.NFT_CT_PROTO_DST => ("proto-dst", ValueKind.Port, 2),
            NfTablesH.NFT_CT_PKTS => ("packets", ValueKind.HostDecimal, 8),
            NfTablesH.NFT_CT_BYTES => ("bytes", ValueKind.HostDecimal, 8),
            NfTablesH.NFT_CT_AVGPKT => ("avgpkt", ValueKind.HostDecimal, 8),
            NfTablesH.NFT_CT_ZONE => ("zone", ValueKind.HostDecimal, 2),
            NfTablesH.NFT_CT_ID => ("id", ValueKind.HostDecimal, 4),
            NfTablesH.NFT_CT_SRC_IP => ("ip saddr", ValueKind.IPv4, 4),
            NfTablesH.NFT_CT_DST_IP => ("ip daddr", ValueKind.IPv4, 4),
            NfTablesH.NFT_CT_SRC_IP6 => ("ip6 saddr", ValueKind.IPv6, 16),
            NfTablesH.NFT_CT_DST_IP6 => ("ip6 daddr", ValueKind.IPv6, 16),
            _ => ((string?)null, ValueKind.Unknown, isIPv6 ? 16 : 4),
        };
        if (expression.Has(NfTablesH.NFTA_CT_SREG))
        {
            string? written = Written(_registers.Get(expression.Number(NfTablesH.NFTA_CT_SREG)), kind);
            Add(name is null || written is null ? "[ct]" : $"ct {name} set {written}");
            return;
        }

        if (name is null)
        {
            AddUnknown(expression);
        }

        bool directed = expression.TryFind(NfTablesH.NFTA_CT_DIRECTION, out Wire.NetlinkAttribute direction);
        string prefix = directed ? $"ct {(direction.AsByte() == 0 ? "original" : "reply")} " : "ct ";
        Load(expression.Number(NfTablesH.NFTA_CT_DREG), new Operand(name is null ? null : prefix + name, kind, length));
    }

    private void Fib(Expression expression)
    {
        uint flags = expression.Number(NfTablesH.NFTA_FIB_FLAGS);
        List<string> of = [];
        foreach ((uint flag, string name) in ((uint, string)[])[
            (NfTablesH.NFTA_FIB_F_SADDR, "saddr"), (NfTablesH.NFTA_FIB_F_DADDR, "daddr"), (NfTablesH.NFTA_FIB_F_MARK, "mark"),
            (NfTablesH.NFTA_FIB_F_IIF, "iif"), (NfTablesH.NFTA_FIB_F_OIF, "oif")])
        {
            if ((flags & flag) != 0)
            {
                of.Add(name);
            }
        }

        (string? name, ValueKind kind, int length) result = expression.Number(NfTablesH.NFTA_FIB_RESULT) switch
        {
            _ when (flags & NfTablesH.NFTA_FIB_F_PRESENT) != 0 => ("oif", ValueKind.Boolean, 1),
            NfTablesH.NFT_FIB_RESULT_OIF => ("oif", ValueKind.InterfaceIndex, 4),
            NfTablesH.NFT_FIB_RESULT_OIFNAME => ("oifname", ValueKind.InterfaceName, 16),
            NfTablesH.NFT_FIB_RESULT_ADDRTYPE => ("type", ValueKind.AddressType, 4),
            _ => (null, ValueKind.Unknown, 4),
        };
        if (result.name is null)
        {
            AddUnknown(expression);
        }

        Load(
            expression.Number(NfTablesH.NFTA_FIB_DREG),
            new Operand(result.name is null ? null : $"fib {string.Join(" . ", of)} {result.name}", result.kind, result.length));
    }

    private void Rt(Expression expression)
    {
        bool known = expression.Number(NfTablesH.NFTA_RT_KEY) == NfTablesH.NFT_RT_TCPMSS;
        if (!known)
        {
            AddUnknown(expression);
        }

        Load(expression.Number(NfTablesH.NFTA_RT_DREG), known ? new Operand("rt mtu", ValueKind.HostDecimal, 2) : Operand.Unknown(4));
    }

    private void Socket(Expression expression)
    {
        (string? name, ValueKind kind, int length) = expression.Number(NfTablesH.NFTA_SOCKET_KEY) switch
        {
            NfTablesH.NFT_SOCKET_TRANSPARENT => ("socket transparent", ValueKind.HostDecimal, 1),
            NfTablesH.NFT_SOCKET_MARK => ("socket mark", ValueKind.Mark, 4),
            NfTablesH.NFT_SOCKET_WILDCARD => ("socket wildcard", ValueKind.HostDecimal, 1),
            _ => ((string?)null, ValueKind.Unknown, 4),
        };
        if (name is null)
        {
            AddUnknown(expression);
        }

        Load(expression.Number(NfTablesH.NFTA_SOCKET_DREG), new Operand(name, kind, length));
    }

    private void Numgen(Expression expression)
    {
        string kind = expression.Number(NfTablesH.NFTA_NG_TYPE) == NfTablesH.NFT_NG_RANDOM ? "random" : "inc";
        uint offset = expression.Number(NfTablesH.NFTA_NG_OFFSET);
        string text = $"numgen {kind} mod {expression.Number(NfTablesH.NFTA_NG_MODULUS)}{(offset > 0 ? $" offset {offset}" : "")}";
        Load(expression.Number(NfTablesH.NFTA_NG_DREG), new Operand(text, ValueKind.HostDecimal, 4));
    }

    private void Load(uint register, Operand operand) => _registers.Set(register, operand);
}
