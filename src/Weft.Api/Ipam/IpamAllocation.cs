using System.Text.Json.Serialization;

namespace Weft.Api.Ipam;

/// <summary>An address that is given.</summary>
public sealed record IpamAllocation
{
    [JsonPropertyName("address")]
    public required string Address { get; init; }

    /// <summary><c>namespace/pod</c>, or who asked for it.</summary>
    [JsonPropertyName("owner")]
    public required string Owner { get; init; }

    /// <summary>None: it is reserved, or lost.</summary>
    [JsonPropertyName("endpoint")]
    public long? Endpoint { get; init; }

    [JsonPropertyName("interface-name")]
    public string? InterfaceName { get; init; }

    /// <summary>Free again after a time unless an endpoint is made of it.</summary>
    [JsonPropertyName("reserved")]
    public bool IsReserved { get; init; }
}
