using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using Weft.Model.Json;

namespace Weft.Model.Services;

/// <summary>What matters of a `v1` Service for balancing its load.</summary>
public sealed record ServiceRecord : IJsonOnDeserialized
{
    /// <summary>Kubernetes' default for sessionAffinity ClientIP, in seconds.</summary>
    public const int DefaultAffinitySeconds = 10800;
    public const int MaxAffinitySeconds = 86400;

    [JsonPropertyName("name")]
    public required ResourceName Name { get; init; }

    [JsonPropertyName("type")]
    public ServiceType Type { get; init; }

    /// <summary>`clusterIP: None`: DNS leads to the pods themselves, nothing is balanced.</summary>
    [JsonPropertyName("headless")]
    public bool IsHeadless { get; init; }

    /// <summary>At most one a family.</summary>
    [JsonPropertyName("clusterIPs")]
    public required ImmutableArray<IPAddress> ClusterIPs { get; init; }

    [JsonPropertyName("ports")]
    public required ImmutableArray<ServicePort> Ports { get; init; }

    [JsonPropertyName("externalIPs")]
    public required ImmutableArray<IPAddress> ExternalIPs { get; init; }

    /// <summary>Addresses from status.loadBalancer.ingress whose packets come to the nodes as they are (ipMode VIP).</summary>
    [JsonPropertyName("loadBalancerIPs")]
    public required ImmutableArray<IPAddress> LoadBalancerIPs { get; init; }

    /// <summary>Clients that may use the load balancer's addresses; empty: all.</summary>
    [JsonPropertyName("sourceRanges")]
    public required ImmutableArray<IPNetwork> SourceRanges { get; init; }

    /// <summary>How long a client that is idle keeps its backend; null: no affinity.</summary>
    [JsonPropertyName("affinitySeconds")]
    public int? AffinitySeconds { get; init; }

    [JsonPropertyName("internalTrafficPolicy")]
    public TrafficPolicy InternalTrafficPolicy { get; init; }

    [JsonPropertyName("externalTrafficPolicy")]
    public TrafficPolicy ExternalTrafficPolicy { get; init; }

    [JsonPropertyName("publishNotReadyAddresses")]
    public bool PublishNotReadyAddresses { get; init; }

    /// <summary>By which policies select the service.</summary>
    [JsonPropertyName("labels")]
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Labels of its pods; empty: its backends are not pods, or written by hand.</summary>
    [JsonPropertyName("selector")]
    public ImmutableSortedDictionary<string, string> Selector { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [JsonPropertyName("algorithm")]
    public BackendAlgorithm Algorithm { get; init; }

    [JsonPropertyName("forwardingMode")]
    public ForwardingMode ForwardingMode { get; init; }

    public bool Equals(ServiceRecord? other) => other is not null
        && Name == other.Name && Type == other.Type && IsHeadless == other.IsHeadless
        && ClusterIPs.SequenceEqual(other.ClusterIPs) && Ports.SequenceEqual(other.Ports)
        && ExternalIPs.SequenceEqual(other.ExternalIPs) && LoadBalancerIPs.SequenceEqual(other.LoadBalancerIPs)
        && SourceRanges.SequenceEqual(other.SourceRanges) && AffinitySeconds == other.AffinitySeconds
        && InternalTrafficPolicy == other.InternalTrafficPolicy && ExternalTrafficPolicy == other.ExternalTrafficPolicy
        && PublishNotReadyAddresses == other.PublishNotReadyAddresses
        && Labels.SequenceEqual(other.Labels) && Selector.SequenceEqual(other.Selector)
        && Algorithm == other.Algorithm && ForwardingMode == other.ForwardingMode;

    public override int GetHashCode() => HashCode.Combine(Name, Type, Ports.Length, ClusterIPs.FirstOrDefault());

    void IJsonOnDeserialized.OnDeserialized()
    {
        Elements.RefuseNull(ClusterIPs, "clusterIPs");
        Elements.RefuseNull(Ports, "ports");
        Elements.RefuseNull(ExternalIPs, "externalIPs");
        Elements.RefuseNull(LoadBalancerIPs, "loadBalancerIPs");
    }
}
