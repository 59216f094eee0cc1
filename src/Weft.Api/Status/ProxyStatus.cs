using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>The L7 proxy.</summary>
public sealed record ProxyStatus
{
    [JsonPropertyName("ip")]
    public string? Ip { get; init; }

    [JsonPropertyName("port-range")]
    public string? PortRange { get; init; }

    [JsonPropertyName("total-ports")]
    public long TotalPorts { get; init; }

    [JsonPropertyName("total-redirects")]
    public long TotalRedirects { get; init; }
}
