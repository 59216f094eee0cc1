namespace Weft.Abi;

/// <summary>Lengths of <see cref="PolicyRuleKey"/>; between the last two, bits of the port.</summary>
[BtfEnum("weft_policy_bits")]
public enum PolicyBits : uint
{
    AnyProtocol = 32,
    AnyPort = 48,
    OnePort = 64,
}
