using System.Text.Json.Serialization;
using Weft.Model.Endpoints;

namespace Weft.Control.State;

/// <summary>An endpoint on disk: what it is and how far its making or unmaking had come.</summary>
public sealed record StoredEndpoint(
    [property: JsonPropertyName("phase")] EndpointPhase Phase,
    [property: JsonPropertyName("endpoint")] EndpointRecord Endpoint);
