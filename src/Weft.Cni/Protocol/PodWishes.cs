using System.Text.Json;
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

    /// <summary>For a plugin after this one.</summary>
    [JsonPropertyName("bandwidth")]
    public JsonElement Bandwidth { get; init; }

    /// <summary>Whether the <c>bandwidth</c> plugin will add an ingress qdisc to the node's side of the pod's device.</summary>
    [JsonIgnore]
    public bool LimitsSending => Bandwidth.ValueKind == JsonValueKind.Object
        && Bandwidth.TryGetProperty("egressRate", out JsonElement rate)
        && rate.ValueKind == JsonValueKind.Number && rate.GetDouble() > 0;
}
