using System.Text.Json.Serialization;

namespace Weft.Api.Health;

/// <summary>The ways to all addresses of a node, or of its health endpoint.</summary>
public sealed record AddressesHealth
{
    [JsonPropertyName("primary-address")]
    public PathStatus? PrimaryAddress { get; init; }

    [JsonPropertyName("secondary-addresses")]
    public IReadOnlyList<PathStatus>? SecondaryAddresses { get; init; }
}
