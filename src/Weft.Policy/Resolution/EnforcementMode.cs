namespace Weft.Policy.Resolution;

/// <summary>When endpoints are under policy in a direction.</summary>
public enum EnforcementMode
{
    /// <summary>As soon as a policy selects the endpoint in that direction.</summary>
    Default,

    /// <summary>All of them: without a rule that allows it nothing passes.</summary>
    Always,

    /// <summary>None, whatever rules there are.</summary>
    Never,
}
