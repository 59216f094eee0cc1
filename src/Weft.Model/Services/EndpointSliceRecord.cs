using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using Weft.Model.Json;

namespace Weft.Model.Services;

/// <summary>What matters of a `discovery.k8s.io/v1` EndpointSlice: some backends of one service, of one family.</summary>
public sealed record EndpointSliceRecord : IJsonOnDeserialized
{
    /// <summary>The label that names the service, in the slice's namespace.</summary>
    public const string ServiceLabel = "kubernetes.io/service-name";

    [JsonPropertyName("name")]
    public required ResourceName Name { get; init; }

    [JsonPropertyName("service")]
    public required ResourceName Service { get; init; }

    [JsonPropertyName("addressType")]
    public required SliceAddressType AddressType { get; init; }

    [JsonPropertyName("endpoints")]
    public required ImmutableArray<SliceEndpoint> Endpoints { get; init; }

    [JsonPropertyName("ports")]
    public required ImmutableArray<SlicePort> Ports { get; init; }

    public bool Equals(EndpointSliceRecord? other) => other is not null
        && Name == other.Name && Service == other.Service && AddressType == other.AddressType
        && Endpoints.SequenceEqual(other.Endpoints) && Ports.SequenceEqual(other.Ports);

    public override int GetHashCode() => HashCode.Combine(Name, Service, Endpoints.Length);

    /// <summary>Whether an address is of the slice's family.</summary>
    public bool Fits(IPAddress address) => AddressType.Family() == address.AddressFamily;

    void IJsonOnDeserialized.OnDeserialized()
    {
        Elements.RefuseNull(Endpoints, "endpoints");
        Elements.RefuseNull(Ports, "ports");
    }
}
