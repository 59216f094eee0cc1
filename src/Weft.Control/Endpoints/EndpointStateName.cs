namespace Weft.Control.Endpoints;

/// <summary>Where an endpoint is in its life.</summary>
public enum EndpointStateName
{
    Creating,
    Restoring,
    Ready,

    /// <summary>Its deletion failed, and is tried again.</summary>
    NotReady,

    Disconnecting,
}
