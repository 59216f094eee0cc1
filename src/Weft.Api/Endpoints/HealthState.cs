namespace Weft.Api.Endpoints;

/// <summary>Health of one side of an endpoint, spelled as in the API.</summary>
public static class HealthState
{
    public const string Ok = "OK";
    public const string Bootstrap = "Bootstrap";
    public const string Pending = "Pending";
    public const string Warning = "Warning";
    public const string Failure = "Failure";
    public const string Disabled = "Disabled";
}
