using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Key of map <c>weft_policy_rules</c>, an LPM trie: what a set says of a protocol and port.</summary>
[BtfStruct("weft_policy_rule_key")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct PolicyRuleKey
{
    /// <summary><see cref="PolicyBits"/>, and up to 16 of the port.</summary>
    public uint PrefixLen;

    /// <summary>0 is no set's.</summary>
    public uint Set;

    public byte Proto;
    private readonly byte _pad;

    /// <summary>The receiver's; of ICMP the type.</summary>
    public Be16 Port;
}
