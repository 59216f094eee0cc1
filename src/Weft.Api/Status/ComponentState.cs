namespace Weft.Api.Status;

/// <summary>State of a component of the agent, spelled as in the API.</summary>
public static class ComponentState
{
    public const string Ok = "Ok";
    public const string Warning = "Warning";
    public const string Failure = "Failure";

    /// <summary>Not built, or switched off: nothing is wrong.</summary>
    public const string Disabled = "Disabled";
}
