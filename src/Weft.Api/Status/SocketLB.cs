using System.Text.Json.Serialization;

namespace Weft.Api.Status;

/// <summary>Whether services are translated when a socket calls them, before there are packets.</summary>
public sealed record SocketLB
{
    /// <summary>Directory of the cgroup whose sockets are; null where none are.</summary>
    [JsonPropertyName("cgroup")]
    public string? Cgroup { get; init; }

    [JsonPropertyName("enabled")]
    public bool Enabled { get; init; }

    /// <summary>Why not; null where it is enabled.</summary>
    [JsonPropertyName("msg")]
    public string? Message { get; init; }
}
