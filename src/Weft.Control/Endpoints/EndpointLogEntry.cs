namespace Weft.Control.Endpoints;

/// <summary>One thing that happened to an endpoint.</summary>
/// <param name="State">Of the endpoint from then on.</param>
public sealed record EndpointLogEntry(DateTimeOffset Time, EndpointStateName State, string Message, bool Failed);
