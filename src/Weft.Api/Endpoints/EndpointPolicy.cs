using System.Text.Json.Serialization;

namespace Weft.Api.Endpoints;

/// <summary>Policy of one endpoint at one revision.</summary>
public sealed record EndpointPolicy
{
    /// <summary>0 stands for every identity.</summary>
    [JsonPropertyName("allowed-egress-identities")]
    public IReadOnlyList<long>? AllowedEgressIdentities { get; init; }

    /// <summary>0 stands for every identity.</summary>
    [JsonPropertyName("allowed-ingress-identities")]
    public IReadOnlyList<long>? AllowedIngressIdentities { get; init; }

    [JsonPropertyName("build")]
    public long Build { get; init; }

    [JsonPropertyName("denied-egress-identities")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyList<long>? DeniedEgressIdentities { get; init; }

    [JsonPropertyName("denied-ingress-identities")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyList<long>? DeniedIngressIdentities { get; init; }

    /// <summary>The identity that the policy is for.</summary>
    [JsonPropertyName("id")]
    public long Id { get; init; }

    [JsonPropertyName("l4")]
    public L4Policy? L4 { get; init; }

    /// <summary><c>none</c>, <c>ingress</c>, <c>egress</c> or <c>both</c>.</summary>
    [JsonPropertyName("policy-enabled")]
    public string PolicyEnabled { get; init; } = "none";

    [JsonPropertyName("policy-revision")]
    public long PolicyRevision { get; init; }
}
