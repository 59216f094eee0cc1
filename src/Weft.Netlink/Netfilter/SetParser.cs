using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Netfilter;

/// <summary>Reads sets and their elements from the kernel's answers.</summary>
internal static class SetParser
{
    public static bool TryParseSet(NetlinkMessage message, out SetRecord set)
    {
        set = null!;
        if (!NfTablesMessages.TryRead(message, NfTablesH.NFT_MSG_NEWSET, out _, out NetlinkReader attributes))
        {
            return false;
        }

        set = new SetRecord("", 0, 0, 0);
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            set = attribute.Type switch
            {
                NfTablesH.NFTA_SET_NAME => set with { Name = attribute.AsText() },
                NfTablesH.NFTA_SET_FLAGS => set with { Flags = attribute.AsUInt32BigEndian() },
                NfTablesH.NFTA_SET_KEY_LEN => set with { KeyLength = (int)Math.Min(attribute.AsUInt32BigEndian(), 64) },
                NfTablesH.NFTA_SET_DATA_TYPE => set with { DataType = attribute.AsUInt32BigEndian() },
                _ => set,
            };
        }

        return true;
    }

    /// <summary>One message holds many elements.</summary>
    public static bool TryParseElements(NetlinkMessage message, out List<SetElement> elements)
    {
        elements = [];
        if (!NfTablesMessages.TryRead(message, NfTablesH.NFT_MSG_NEWSETELEM, out _, out NetlinkReader attributes))
        {
            return false;
        }

        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            if (attribute.Type == NfTablesH.NFTA_SET_ELEM_LIST_ELEMENTS)
            {
                NetlinkReader list = attribute.Nested;
                while (list.TryRead(out NetlinkAttribute element))
                {
                    elements.Add(ParseElement(element.Nested));
                }
            }
        }

        return true;
    }

    private static SetElement ParseElement(NetlinkReader attributes)
    {
        SetElement element = new([], null, 0);
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            element = attribute.Type switch
            {
                NfTablesH.NFTA_SET_ELEM_KEY => element with { Key = Expression.ValueIn(attribute.Nested) },
                NfTablesH.NFTA_SET_ELEM_KEY_END => element with { KeyEnd = Expression.ValueIn(attribute.Nested) },
                NfTablesH.NFTA_SET_ELEM_FLAGS => element with { Flags = attribute.AsUInt32BigEndian() },
                NfTablesH.NFTA_SET_ELEM_DATA => Expression.VerdictIn(attribute.Nested) is { } verdict
                    ? element with { Verdict = verdict }
                    : element with { Value = Expression.ValueIn(attribute.Nested) },
                _ => element,
            };
        }

        return element;
    }
}
