using System.Text.Json.Serialization;

namespace Weft.Api.Health;

/// <summary>The way to one address. What was not probed to its end yet is absent.</summary>
public sealed record PathStatus
{
    [JsonPropertyName("http")]
    public ConnectivityStatus? Http { get; init; }

    [JsonPropertyName("icmp")]
    public ConnectivityStatus? Icmp { get; init; }

    [JsonPropertyName("ip")]
    public string Ip { get; init; } = "";
}
