using Weft.Netlink.Uapi;

namespace Weft.Netlink.Netfilter.Tracing;

/// <summary>What a step of a traced packet is.</summary>
public enum TraceStepType
{
    None = 0,

    /// <summary>The end of a base chain: its policy decided.</summary>
    Policy = (int)NfTablesH.NFT_TRACETYPE_POLICY,

    /// <summary>The end of a chain that another had jumped to.</summary>
    Return = (int)NfTablesH.NFT_TRACETYPE_RETURN,

    /// <summary>A rule that fits the packet in all that it asks.</summary>
    Rule = (int)NfTablesH.NFT_TRACETYPE_RULE,
}
