namespace Weft.Control.Endpoints;

/// <summary>Where an endpoint is in its life.</summary>
public enum EndpointStateName
{
    Creating,
    Restoring,
    Ready,

    /// <summary>It exists, and something about it could not be brought to where it should be; a retry is under way.</summary>
    NotReady,

    Disconnecting,
}
