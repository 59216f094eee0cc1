namespace Weft.Abi;

/// <summary>What a table says of a flow.</summary>
[BtfEnum("weft_policy_verdict")]
public enum PolicyVerdictCode : byte
{
    Allowed = 0,

    /// <summary>No rule speaks of it.</summary>
    DeniedByDefault = 1,
    DeniedByRule = 2,
}
