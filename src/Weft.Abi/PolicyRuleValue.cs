using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Value of map <c>weft_policy_rules</c>.</summary>
[BtfStruct("weft_policy_rule")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct PolicyRuleValue
{
    /// <summary>Number that the agent knows the rule by; 0: it follows from none.</summary>
    public uint Rule;

    /// <summary>0: allowed.</summary>
    public byte Deny;

    /// <summary>Bits of protocol and port that count, 0 to 24.</summary>
    public byte Narrow;

    private readonly ushort _pad;
}
