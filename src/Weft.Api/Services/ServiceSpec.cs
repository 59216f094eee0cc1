using System.Text.Json.Serialization;

namespace Weft.Api.Services;

/// <summary>A frontend and its backends.</summary>
public sealed record ServiceSpec
{
    /// <summary>Of the frontend, unique on the node: <c>RevNAT</c> in lists of connections.</summary>
    [JsonPropertyName("id")]
    public long Id { get; init; }

    [JsonPropertyName("frontend-address")]
    public required FrontendAddress FrontendAddress { get; init; }

    [JsonPropertyName("backend-addresses")]
    public IReadOnlyList<BackendAddress> BackendAddresses { get; init; } = [];

    [JsonPropertyName("flags")]
    public ServiceSpecFlags? Flags { get; init; }
}
