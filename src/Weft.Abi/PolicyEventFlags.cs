namespace Weft.Abi;

/// <summary>How a flow was judged.</summary>
[Flags]
[BtfEnum("weft_policy_flags")]
public enum PolicyEventFlags : byte
{
    None = 0,

    /// <summary>Denied, and let pass.</summary>
    Audit = 1 << 0,

    /// <summary>What decided holds for any peer.</summary>
    Anybody = 1 << 1,

    /// <summary>The flow was there before the policy changed.</summary>
    Revised = 1 << 2,

    /// <summary>Nothing matched.</summary>
    ByNobody = 1 << 3,
}
