using System.Text.Json.Serialization;
using Weft.Api.Cluster;
using Weft.Api.Ipam;

namespace Weft.Api.Endpoints;

/// <summary>Devices and addresses of an endpoint.</summary>
public sealed record EndpointNetworking
{
    [JsonPropertyName("addressing")]
    public IReadOnlyList<AddressPair>? Addressing { get; init; }

    /// <summary>Name inside the pod's namespace.</summary>
    [JsonPropertyName("container-interface-name")]
    public string? ContainerInterfaceName { get; init; }

    /// <summary>Of both sides of the veth pair, in bytes.</summary>
    [JsonPropertyName("deviceMTU")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long DeviceMtu { get; init; }

    /// <summary>Of the node; <c>ip</c> is the pod's gateway.</summary>
    [JsonPropertyName("host-addressing")]
    public NodeAddressing? HostAddressing { get; init; }

    /// <summary>Of the node's side of the veth pair: what the pod sees as its gateway.</summary>
    [JsonPropertyName("host-mac")]
    public string? HostMac { get; init; }

    /// <summary>Of the node's side, in the node's namespace.</summary>
    [JsonPropertyName("interface-index")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long InterfaceIndex { get; init; }

    [JsonPropertyName("interface-name")]
    public string? InterfaceName { get; init; }

    [JsonPropertyName("mac")]
    public string? Mac { get; init; }

    /// <summary>Of the pod's routes, in bytes: what fits into the overlay.</summary>
    [JsonPropertyName("routeMTU")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long RouteMtu { get; init; }
}
