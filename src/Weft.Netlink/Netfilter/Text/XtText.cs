using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Weft.Netlink.Uapi;

namespace Weft.Netlink.Netfilter.Text;

/// <summary>Writes matches and targets of iptables, which nf_tables carries as they are: the common ones in nft's words, others by name.</summary>
/// <remarks>Their content is a C struct of the kernel's, one for each name and revision (linux/netfilter/xt_*.h).</remarks>
internal static class XtText
{
    private const int MaxPorts = 15;

    public static string OfMatch(Expression expression, string? transport)
    {
        string name = expression.Text(NfTablesH.NFTA_MATCH_NAME) ?? "";
        uint revision = expression.Number(NfTablesH.NFTA_MATCH_REV);
        ReadOnlySpan<byte> info = expression.Bytes(NfTablesH.NFTA_MATCH_INFO);
        string? text = (name, revision) switch
        {
            ("comment", 0) => $"comment \"{Text(info)}\"",
            ("multiport", 1) => Multiport(info, transport),
            ("mark", 1) => Mark(info, "meta mark"),
            ("connmark", 1) => Mark(info, "ct mark"),
            ("conntrack", 2 or 3) => Conntrack(info),
            ("addrtype", 1) => AddressType(info),
            ("tcp", 0) => Tcp(info),
            ("udp", 0) => Udp(info),
            _ => null,
        };
        return text ?? $"xt match \"{name}\"";
    }

    public static string OfTarget(Expression expression, bool isIPv6)
    {
        string name = expression.Text(NfTablesH.NFTA_TARGET_NAME) ?? "";
        uint revision = expression.Number(NfTablesH.NFTA_TARGET_REV);
        ReadOnlySpan<byte> info = expression.Bytes(NfTablesH.NFTA_TARGET_INFO);
        string? text = (name, revision) switch
        {
            ("MASQUERADE" or "REDIRECT", 0) => Nat(name == "REDIRECT" ? "redirect" : "masquerade", isIPv6 ? Range(info, isIPv6) : OldRange(info)),
            ("SNAT" or "DNAT", 0) when !isIPv6 => Nat(name.ToLowerInvariant(), OldRange(info)),
            ("SNAT" or "DNAT", 1 or 2) => Nat(name.ToLowerInvariant(), Range(info, isIPv6)),
            ("MARK", 2) => SetMark(info, "meta mark"),
            ("LOG", 0) when info.Length >= 2 => Text(info[2..]) is { Length: > 0 } prefix ? $"log prefix \"{prefix}\"" : "log",
            ("REJECT", 0) when info.Length >= 4 => Reject(MemoryMarshal.Read<uint>(info), isIPv6),
            ("TRACE", 0) => "meta nftrace set 1",
            _ => null,
        };
        return text ?? $"xt target \"{name}\"";
    }

    /// <summary>enum ipt_reject_with and enum ip6t_reject_with.</summary>
    private static string? Reject(uint with, bool isIPv6) => (isIPv6, with) switch
    {
        (false, 0) => "reject with icmp net-unreachable",
        (false, 1) => "reject with icmp host-unreachable",
        (false, 2) => "reject with icmp prot-unreachable",
        (false, 3) => "reject",
        (false, 5) => "reject with icmp net-prohibited",
        (false, 6) => "reject with icmp host-prohibited",
        (false, 7) => "reject with tcp reset",
        (false, 8) => "reject with icmp admin-prohibited",
        (true, 0) => "reject with icmpv6 no-route",
        (true, 1) => "reject with icmpv6 admin-prohibited",
        (true, 3) => "reject with icmpv6 addr-unreachable",
        (true, 4) => "reject",
        (true, 6) => "reject with tcp reset",
        (true, 7) => "reject with icmpv6 policy-fail",
        (true, 8) => "reject with icmpv6 reject-route",
        _ => null,
    };

    private static string? Nat(string kind, (uint Flags, string Addresses, string Ports)? range) => range is null ? null : kind + RangeText(range);

    private static string Text(ReadOnlySpan<byte> info)
    {
        int end = info.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? info : info[..end]);
    }

    /// <summary>struct xt_multiport_v1: flags, count, ports[15], pflags[15], invert.</summary>
    private static string? Multiport(ReadOnlySpan<byte> info, string? transport)
    {
        if (info.Length < 2 + MaxPorts * 3 + 1 || info[1] > MaxPorts)
        {
            return null;
        }

        string? field = info[0] switch { 0 => "sport", 1 => "dport", _ => null };
        ReadOnlySpan<ushort> ports = MemoryMarshal.Cast<byte, ushort>(info.Slice(2, MaxPorts * 2));
        ReadOnlySpan<byte> starts = info.Slice(2 + MaxPorts * 2, MaxPorts);
        List<string> words = [];
        for (int index = 0; index < info[1]; index++)
        {
            string word = ports[index].ToString(CultureInfo.InvariantCulture);
            words.Add(starts[index] != 0 && index + 1 < info[1] ? $"{word}-{ports[++index]}" : word);
        }

        string not = info[2 + MaxPorts * 3] != 0 ? "!= " : "";
        string list = words is [string only] ? only : $"{{ {string.Join(", ", words)} }}";
        return field is null ? null : $"{transport ?? HeaderFields.Transport} {field} {not}{list}";
    }

    /// <summary>struct xt_mark_mtinfo1: mark, mask, invert.</summary>
    private static string? Mark(ReadOnlySpan<byte> info, string name)
    {
        if (info.Length < 9)
        {
            return null;
        }

        uint mark = MemoryMarshal.Read<uint>(info);
        uint mask = MemoryMarshal.Read<uint>(info[4..]);
        bool inverted = info[8] != 0;
        return mask == uint.MaxValue
            ? $"{name} {(inverted ? "!= " : "")}0x{mark:x8}"
            : $"{name} & 0x{mask:x8} {(inverted ? "!=" : "==")} 0x{mark:x8}";
    }

    /// <summary>struct xt_mark_tginfo2: the bits of mask are cleared, those of mark flipped.</summary>
    private static string? SetMark(ReadOnlySpan<byte> info, string name)
    {
        if (info.Length < 8)
        {
            return null;
        }

        uint mark = MemoryMarshal.Read<uint>(info);
        uint mask = MemoryMarshal.Read<uint>(info[4..]);
        return mask switch
        {
            uint.MaxValue => $"{name} set 0x{mark:x8}",
            _ when mask == mark => $"{name} set {name} | 0x{mark:x8}",
            _ when mark == 0 => $"{name} set {name} & 0x{~mask:x8}",
            _ => $"{name} set {name} & 0x{~mask:x8} ^ 0x{mark:x8}",
        };
    }

    /// <summary>struct xt_conntrack_mtinfo2 and 3; only the state alone is written.</summary>
    private static string? Conntrack(ReadOnlySpan<byte> info)
    {
        // expires_min/max 8, ports 8, l4proto 2, match_flags 2, invert_flags 2, state_mask 2 after eight addresses of 16 bytes.
        const int Flags = 8 * 16 + 8 + 8 + 2;
        const ushort State = 1;
        if (info.Length < Flags + 6 || MemoryMarshal.Read<ushort>(info[Flags..]) != State)
        {
            return null;
        }

        bool inverted = (MemoryMarshal.Read<ushort>(info[(Flags + 2)..]) & State) != 0;
        uint mask = MemoryMarshal.Read<ushort>(info[(Flags + 4)..]);
        // XT_CONNTRACK_STATE_BIT(established 0, related 1, new 2) = 1 << state % 3 + 1; untracked is bit 6, SNAT 7 and DNAT 8.
        return ValueNames.OfFlags(ValueKind.CtState, mask) is { } states ? $"ct state {(inverted ? "! " : "")}{states}" : null;
    }

    /// <summary>struct xt_addrtype_info_v1: source mask, destination mask, flags.</summary>
    private static string? AddressType(ReadOnlySpan<byte> info)
    {
        if (info.Length < 8)
        {
            return null;
        }

        ushort source = MemoryMarshal.Read<ushort>(info);
        ushort destination = MemoryMarshal.Read<ushort>(info[2..]);
        uint flags = MemoryMarshal.Read<uint>(info[4..]);
        string limit = (flags & 4) != 0 ? " . iif" : (flags & 8) != 0 ? " . oif" : "";
        string? first = Types(source, "saddr", (flags & 1) != 0);
        string? second = Types(destination, "daddr", (flags & 2) != 0);
        return string.Join(' ', ((string?[])[first, second]).OfType<string>()) is { Length: > 0 } text ? text : null;

        string? Types(ushort mask, string field, bool inverted)
        {
            string[] names =
            [
                .. Enumerable.Range(0, 9).Where(bit => (mask & (1 << bit)) != 0).Select(bit => ValueNames.Of(ValueKind.AddressType, (ulong)bit)!),
            ];
            string list = names is [string only] ? only : $"{{ {string.Join(", ", names)} }}";
            return names.Length == 0 ? null : $"fib {field}{limit} type {(inverted ? "!= " : "")}{list}";
        }
    }

    /// <summary>struct xt_tcp: spts[2], dpts[2], option, flg_mask, flg_cmp, invflags.</summary>
    private static string? Tcp(ReadOnlySpan<byte> info)
    {
        if (info.Length < 12 || info[8] != 0)
        {
            return null;
        }

        string flags = info[9] == 0 ? "" : $" tcp flags {((info[11] & 4) != 0 ? "!= " : "")}"
            + $"{(info[10] == 0 ? "0x0" : ValueNames.OfFlags(ValueKind.TcpFlags, info[10]))} / {ValueNames.OfFlags(ValueKind.TcpFlags, info[9])}";
        return (PortRange("tcp sport", info, (info[11] & 1) != 0) + PortRange("tcp dport", info[4..], (info[11] & 2) != 0) + flags).TrimStart();
    }

    /// <summary>struct xt_udp: spts[2], dpts[2], invflags.</summary>
    private static string? Udp(ReadOnlySpan<byte> info) => info.Length < 9
        ? null
        : (PortRange("udp sport", info, (info[8] & 1) != 0) + PortRange("udp dport", info[4..], (info[8] & 2) != 0)).TrimStart();

    private static string PortRange(string field, ReadOnlySpan<byte> ports, bool inverted)
    {
        ushort first = MemoryMarshal.Read<ushort>(ports);
        ushort last = MemoryMarshal.Read<ushort>(ports[2..]);
        return (first, last) is (0, ushort.MaxValue) ? "" : $" {field} {(inverted ? "!= " : "")}{(first == last ? $"{first}" : $"{first}-{last}")}";
    }

    /// <summary>struct nf_nat_ipv4_multi_range_compat with one range: count, then flags, min_ip, max_ip, min, max.</summary>
    private static (uint Flags, string Addresses, string Ports)? OldRange(ReadOnlySpan<byte> info) => info.Length < 20
        ? null
        : (
            MemoryMarshal.Read<uint>(info[4..]),
            Span(new IPAddress(info.Slice(8, 4)).ToString(), new IPAddress(info.Slice(12, 4)).ToString()),
            Span(Port(info[16..]), Port(info[18..])));

    /// <summary>struct nf_nat_range and nf_nat_range2: flags, min_addr, max_addr, min_proto, max_proto, base_proto.</summary>
    private static (uint Flags, string Addresses, string Ports)? Range(ReadOnlySpan<byte> info, bool isIPv6)
    {
        if (info.Length < 40)
        {
            return null;
        }

        // An IPv4 address fills the first four bytes of sixteen.
        int length = isIPv6 ? 16 : 4;
        return (
            MemoryMarshal.Read<uint>(info),
            Span(new IPAddress(info.Slice(4, length)).ToString(), new IPAddress(info.Slice(20, length)).ToString()),
            Span(Port(info[36..]), Port(info[38..])));
    }

    private static string RangeText((uint Flags, string Addresses, string Ports)? range)
    {
        const uint MapAddresses = 1;
        const uint PortsGiven = 2;
        if (range is not { } found)
        {
            return "";
        }

        string addresses = (found.Flags & MapAddresses) != 0 ? found.Addresses : "";
        string ports = (found.Flags & PortsGiven) != 0 ? $":{found.Ports}" : "";
        addresses = ports.Length > 0 && addresses.Contains(':', StringComparison.Ordinal) ? $"[{addresses}]" : addresses;
        string flags = string.Join(',', ((string[])[
            (found.Flags & 4) != 0 ? "random" : "", (found.Flags & 16) != 0 ? "fully-random" : "", (found.Flags & 8) != 0 ? "persistent" : "",
        ]).Where(static word => word.Length > 0));
        return (addresses.Length + ports.Length > 0 ? $" to {addresses}{ports}" : "") + (flags.Length > 0 ? $" {flags}" : "");
    }

    private static string Span(string first, string last) => first == last ? first : $"{first}-{last}";

    private static string Port(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt16BigEndian(bytes).ToString(CultureInfo.InvariantCulture);
}
