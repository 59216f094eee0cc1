using System.Text.Json.Serialization;

namespace Weft.Api.Tracing;

/// <summary>A packet as a chain saw it.</summary>
public sealed record NetfilterPacket
{
    /// <summary>In one line: <c>10.0.1.180:4242 -> 10.0.0.23:80 tcp SYN</c>.</summary>
    [JsonPropertyName("summary")]
    public required string Summary { get; init; }

    /// <summary>Name of the device that it came in by.</summary>
    [JsonPropertyName("in")]
    public string? In { get; init; }

    [JsonPropertyName("in-index")]
    public int? InIndex { get; init; }

    /// <summary>Name of the device that it goes out by.</summary>
    [JsonPropertyName("out")]
    public string? Out { get; init; }

    [JsonPropertyName("out-index")]
    public int? OutIndex { get; init; }

    [JsonPropertyName("source")]
    public string? Source { get; init; }

    [JsonPropertyName("destination")]
    public string? Destination { get; init; }

    /// <summary>Number of the IP protocol.</summary>
    [JsonPropertyName("protocol")]
    public int? Protocol { get; init; }

    [JsonPropertyName("source-port")]
    public int? SourcePort { get; init; }

    [JsonPropertyName("destination-port")]
    public int? DestinationPort { get; init; }

    /// <summary>IPv4's identification.</summary>
    [JsonPropertyName("ip-id")]
    public int? IpId { get; init; }

    /// <summary>TTL or hop limit.</summary>
    [JsonPropertyName("ttl")]
    public int? Ttl { get; init; }

    /// <summary>Of the whole packet from the IP header on, in bytes.</summary>
    [JsonPropertyName("length")]
    public int? Length { get; init; }

    /// <summary>Of a packet of the overlay: the identity of the sender of what is inside.</summary>
    [JsonPropertyName("vni")]
    public uint? Vni { get; init; }
}
