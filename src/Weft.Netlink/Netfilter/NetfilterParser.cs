using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Netfilter;

/// <summary>Reads tables, chains and rules from the kernel's answers.</summary>
internal static class NetfilterParser
{
    public static bool TryParseTable(NetlinkMessage message, out NetfilterTable table)
    {
        table = null!;
        if (!NfTablesMessages.TryRead(message, NfTablesH.NFT_MSG_NEWTABLE, out NetfilterFamily family, out NetlinkReader attributes))
        {
            return false;
        }

        table = new NetfilterTable { Family = family, Name = "" };
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            table = attribute.Type switch
            {
                NfTablesH.NFTA_TABLE_NAME => table with { Name = attribute.AsText() },
                NfTablesH.NFTA_TABLE_HANDLE => table with { Handle = attribute.AsUInt64BigEndian() },
                NfTablesH.NFTA_TABLE_OWNER => table with { Owner = attribute.AsUInt32BigEndian() },
                _ => table,
            };
        }

        return true;
    }

    public static bool TryParseChain(NetlinkMessage message, out NetfilterChain chain)
    {
        chain = null!;
        if (!NfTablesMessages.TryRead(message, NfTablesH.NFT_MSG_NEWCHAIN, out NetfilterFamily family, out NetlinkReader attributes))
        {
            return false;
        }

        chain = new NetfilterChain { Family = family, Table = "", Name = "" };
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            chain = attribute.Type switch
            {
                NfTablesH.NFTA_CHAIN_TABLE => chain with { Table = attribute.AsText() },
                NfTablesH.NFTA_CHAIN_NAME => chain with { Name = attribute.AsText() },
                NfTablesH.NFTA_CHAIN_HANDLE => chain with { Handle = attribute.AsUInt64BigEndian() },
                NfTablesH.NFTA_CHAIN_TYPE => chain with { Type = attribute.AsText() },
                NfTablesH.NFTA_CHAIN_POLICY => chain with { Policy = new NetfilterVerdict((int)attribute.AsUInt32BigEndian()) },
                NfTablesH.NFTA_CHAIN_HOOK => WithHook(chain, attribute.Nested),
                _ => chain,
            };
        }

        return true;
    }

    public static bool TryParseRule(NetlinkMessage message, out RuleRecord rule)
    {
        rule = null!;
        if (!NfTablesMessages.TryRead(message, NfTablesH.NFT_MSG_NEWRULE, out NetfilterFamily family, out NetlinkReader attributes))
        {
            return false;
        }

        rule = new RuleRecord(family);
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            rule = attribute.Type switch
            {
                NfTablesH.NFTA_RULE_TABLE => rule with { Table = attribute.AsText() },
                NfTablesH.NFTA_RULE_CHAIN => rule with { Chain = attribute.AsText() },
                NfTablesH.NFTA_RULE_HANDLE => rule with { Handle = attribute.AsUInt64BigEndian() },
                NfTablesH.NFTA_RULE_EXPRESSIONS => rule with { Expressions = Expression.ParseList(attribute.Nested) },
                NfTablesH.NFTA_RULE_USERDATA => rule with { Comment = UserComment(attribute.Payload) },
                _ => rule,
            };
        }

        return true;
    }

    private static NetfilterChain WithHook(NetfilterChain chain, NetlinkReader attributes)
    {
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            chain = attribute.Type switch
            {
                NfTablesH.NFTA_HOOK_HOOKNUM => chain with { Hook = (int)attribute.AsUInt32BigEndian() },
                NfTablesH.NFTA_HOOK_PRIORITY => chain with { Priority = (int)attribute.AsUInt32BigEndian() },
                _ => chain,
            };
        }

        return chain;
    }

    /// <summary>nft keeps a comment in the user data, which the kernel does not read: type 0, length with the final zero, text.</summary>
    private static string? UserComment(ReadOnlySpan<byte> data)
    {
        while (data.Length >= 2)
        {
            int length = data[1];
            if (length > data.Length - 2)
            {
                return null;
            }

            if (data[0] == 0)
            {
                return new NetlinkAttribute(0, data.Slice(2, length)).AsText();
            }

            data = data[(2 + length)..];
        }

        return null;
    }
}
