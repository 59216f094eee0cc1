using System.Collections.Immutable;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Netfilter;

/// <summary>One instruction of a rule: its name and its attributes.</summary>
internal sealed record Expression(string Name, byte[] Data)
{
    private const int Longest = 1024;

    public static ImmutableArray<Expression> ParseList(NetlinkReader list)
    {
        ImmutableArray<Expression>.Builder found = ImmutableArray.CreateBuilder<Expression>();
        while (found.Count < Longest && list.TryRead(out NetlinkAttribute element))
        {
            found.Add(Parse(element.Nested));
        }

        return found.ToImmutable();
    }

    public static Expression Parse(NetlinkReader attributes)
    {
        string name = "";
        byte[] data = [];
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case NfTablesH.NFTA_EXPR_NAME:
                    name = attribute.AsText();
                    break;
                case NfTablesH.NFTA_EXPR_DATA:
                    data = attribute.Payload.ToArray();
                    break;
                default:
                    break;
            }
        }

        return new Expression(name, data);
    }

    public bool Has(ushort type) => TryFind(type, out _);

    /// <summary>0 where it is missing.</summary>
    public uint Number(ushort type) => TryFind(type, out NetlinkAttribute found) ? found.AsUInt32BigEndian() : 0;

    /// <summary>0 where it is missing.</summary>
    public ulong Long(ushort type) => TryFind(type, out NetlinkAttribute found) ? found.AsUInt64BigEndian() : 0;

    public ushort Short(ushort type) => TryFind(type, out NetlinkAttribute found) ? found.AsUInt16BigEndian() : (ushort)0;

    /// <summary>Null where it is missing.</summary>
    public string? Text(ushort type) => TryFind(type, out NetlinkAttribute found) ? found.AsText() : null;

    public ReadOnlySpan<byte> Bytes(ushort type) => TryFind(type, out NetlinkAttribute found) ? found.Payload : default;

    /// <summary>The bytes of a NFTA_DATA_VALUE inside the attribute.</summary>
    public byte[] Value(ushort type) => TryFind(type, out NetlinkAttribute found) ? ValueIn(found.Nested) : [];

    public bool TryFind(ushort type, out NetlinkAttribute found)
    {
        NetlinkReader reader = new(Data);
        while (reader.TryRead(out found))
        {
            if (found.Type == type)
            {
                return true;
            }
        }

        return false;
    }

    public static byte[] ValueIn(NetlinkReader data)
    {
        while (data.TryRead(out NetlinkAttribute attribute))
        {
            if (attribute.Type == NfTablesH.NFTA_DATA_VALUE)
            {
                return attribute.Payload.ToArray();
            }
        }

        return [];
    }

    public static NetfilterVerdict? VerdictIn(NetlinkReader data)
    {
        while (data.TryRead(out NetlinkAttribute attribute))
        {
            if (attribute.Type == NfTablesH.NFTA_DATA_VERDICT)
            {
                return NetfilterVerdict.Parse(attribute.Nested);
            }
        }

        return null;
    }
}
