using System.Text.Json.Serialization;

namespace Weft.Api.Cni;

/// <summary>Whether the node can take pods now. Not part of Cilium's API.</summary>
public sealed record CniStatus
{
    [JsonPropertyName("ready")]
    public required bool IsReady { get; init; }

    /// <summary>Pods that are there may be cut off too.</summary>
    [JsonPropertyName("limited")]
    public bool IsLimited { get; init; }

    /// <summary>Why it is not ready, for people.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }
}
