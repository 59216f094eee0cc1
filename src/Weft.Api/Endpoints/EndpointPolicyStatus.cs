using System.Text.Json.Serialization;

namespace Weft.Api.Endpoints;

/// <summary>The policy that was computed for an endpoint (<c>spec</c>) and the one in the datapath (<c>realized</c>).</summary>
public sealed record EndpointPolicyStatus
{
    [JsonPropertyName("proxy-policy-revision")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ProxyPolicyRevision { get; init; }

    [JsonPropertyName("proxy-statistics")]
    public IReadOnlyList<ProxyStatistics>? ProxyStatistics { get; init; }

    [JsonPropertyName("realized")]
    public EndpointPolicy? Realized { get; init; }

    [JsonPropertyName("spec")]
    public EndpointPolicy? Spec { get; init; }
}
