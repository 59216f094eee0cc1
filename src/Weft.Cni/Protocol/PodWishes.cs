using System.Text.Json.Serialization;

namespace Weft.Cni.Protocol;

/// <summary>What a pod is to get, by the conventions for <c>runtimeConfig</c> and <c>args.cni</c>.</summary>
internal sealed record PodWishes
{
    /// <summary>Addresses, with or without a prefix length.</summary>
    [JsonPropertyName("ips")]
    public IReadOnlyList<string>? Addresses { get; init; }

    [JsonPropertyName("mac")]
    public string? Mac { get; init; }
}
