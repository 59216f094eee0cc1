using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Netfilter;

/// <summary>What a rule or a policy decides for a packet.</summary>
/// <param name="Code">NF_* or NFT_*; of a queue its number is in the upper half.</param>
/// <param name="Chain">Where a jump or goto leads to.</param>
public readonly record struct NetfilterVerdict(int Code, string? Chain = null)
{
    public bool IsDrop => ((uint)Code & NfNetlinkH.NF_VERDICT_MASK) == NfNetlinkH.NF_DROP && Code >= 0;

    public bool IsAccept => Code == NfNetlinkH.NF_ACCEPT;

    /// <summary>The next rule of the same chain is up.</summary>
    public bool IsContinue => Code == NfTablesH.NFT_CONTINUE;

    /// <summary>As nft writes it: <c>accept</c>, <c>jump docker-user</c>.</summary>
    public override string ToString() => Code switch
    {
        NfTablesH.NFT_CONTINUE => "continue",
        NfTablesH.NFT_BREAK => "break",
        NfTablesH.NFT_JUMP => $"jump {Chain}",
        NfTablesH.NFT_GOTO => $"goto {Chain}",
        NfTablesH.NFT_RETURN => "return",
        < 0 => $"verdict {Code}",
        _ => ((uint)Code & NfNetlinkH.NF_VERDICT_MASK) switch
        {
            NfNetlinkH.NF_DROP => "drop",
            NfNetlinkH.NF_ACCEPT => "accept",
            NfNetlinkH.NF_STOLEN => "stolen",
            NfNetlinkH.NF_QUEUE => $"queue to {(uint)Code >> 16}",
            _ => $"verdict {Code}",
        },
    };

    internal static NetfilterVerdict Parse(NetlinkReader attributes)
    {
        int code = 0;
        string? chain = null;
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case NfTablesH.NFTA_VERDICT_CODE:
                    code = (int)attribute.AsUInt32BigEndian();
                    break;
                case NfTablesH.NFTA_VERDICT_CHAIN:
                    chain = attribute.AsText();
                    break;
                default:
                    break;
            }
        }

        return new NetfilterVerdict(code, chain);
    }
}
