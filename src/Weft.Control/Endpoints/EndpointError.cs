namespace Weft.Control.Endpoints;

/// <summary>What kind of refusal an <see cref="EndpointException"/> is, so that the API can give it a status.</summary>
public enum EndpointError
{
    /// <summary>The request is malformed or names something that is not there.</summary>
    Invalid,

    NotFound,

    /// <summary>The interface, address or id has an endpoint already.</summary>
    Conflict,

    /// <summary>No address or id is left.</summary>
    Exhausted,

    /// <summary>The kernel or the store refused.</summary>
    Failed,
}
