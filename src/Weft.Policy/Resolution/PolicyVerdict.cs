namespace Weft.Policy.Resolution;

public enum PolicyVerdict
{
    /// <summary>The endpoint is not under policy in this direction.</summary>
    NotEnforced,
    Allowed,

    /// <summary>A deny rule matched (Cilium's drop reason 181).</summary>
    DeniedByRule,

    /// <summary>No rule matched (133).</summary>
    DeniedByDefault,
}
