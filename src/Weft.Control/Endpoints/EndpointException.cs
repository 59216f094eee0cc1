namespace Weft.Control.Endpoints;

/// <summary>An endpoint could not be made, changed, found or removed.</summary>
public sealed class EndpointException : Exception
{
    public EndpointException(EndpointError error, string message, Exception? inner = null)
        : base(message, inner) => Error = error;

    public EndpointError Error { get; }
}
