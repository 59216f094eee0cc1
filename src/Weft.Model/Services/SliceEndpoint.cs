using System.Net;
using System.Text.Json.Serialization;
using Weft.Model.Nodes;

namespace Weft.Model.Services;

/// <summary>One backend of a slice, its conditions with Kubernetes' meaning of those that were not given filled in.</summary>
/// <remarks>A slice may list several addresses of an endpoint; they are the same backend, and the first is kept.</remarks>
public sealed record SliceEndpoint
{
    [JsonPropertyName("address")]
    public required IPAddress Address { get; init; }

    /// <summary>Null: on no node that is known, so local to none.</summary>
    [JsonPropertyName("node")]
    public NodeName? Node { get; init; }

    [JsonPropertyName("ready")]
    public required bool IsReady { get; init; }

    /// <summary>As ready, but whatever terminates may serve too: what is left to it are its last connections.</summary>
    [JsonPropertyName("serving")]
    public required bool IsServing { get; init; }

    [JsonPropertyName("terminating")]
    public required bool IsTerminating { get; init; }
}
