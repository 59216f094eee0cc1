namespace Weft.Api.Endpoints;

/// <summary>States of an endpoint's life, spelled as in the API.</summary>
public static class EndpointState
{
    public const string Creating = "creating";
    public const string WaitingForIdentity = "waiting-for-identity";
    public const string NotReady = "not-ready";
    public const string Regenerating = "regenerating";
    public const string Restoring = "restoring";
    public const string Ready = "ready";
    public const string Disconnecting = "disconnecting";
    public const string Disconnected = "disconnected";
    public const string Invalid = "invalid";
}
