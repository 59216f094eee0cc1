using System.Text.Json;
using Weft.Api;
using Weft.Api.Cluster;
using Weft.Api.Endpoints;
using Weft.Api.Ipam;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests.Support;

/// <summary>What an agent answers of endpoints.</summary>
internal static class Answers
{
    public const string CreateRoute = "PUT /v1/endpoint/0";
    public const string OneRoute = "/v1/endpoint/cni-attachment-id%3Abox1%3Aeth0";

    public static EndpointResource Web { get; } = Endpoint(CniCall.ContainerId, "pods");

    public static EndpointResource DualStack { get; } = Web with
    {
        Status = Web.Status! with
        {
            Networking = Web.Status.Networking! with
            {
                Addressing = [new AddressPair { Ipv4 = "10.0.1.180", Ipv6 = "fd00:10:0:1::180" }],
                HostAddressing = Web.Status.Networking.HostAddressing! with
                {
                    Ipv6 = new NodeAddressingElement { Enabled = true, Ip = "fd00:10:0:1::1" },
                },
            },
        },
    };

    public static EndpointResource Endpoint(string containerId, string? network) => new()
    {
        Id = 3663,
        Status = new EndpointStatus
        {
            State = EndpointState.Ready,
            ExternalIdentifiers = new EndpointIdentifiers
            {
                ContainerId = containerId,
                CniAttachmentId = $"{containerId}:eth0",
                CniNetwork = network,
            },
            Health = new EndpointHealth { Bpf = HealthState.Ok, Connected = true, OverallHealth = HealthState.Ok },
            Networking = new EndpointNetworking
            {
                Addressing = [new AddressPair { Ipv4 = "10.0.1.180" }],
                ContainerInterfaceName = "eth0",
                DeviceMtu = 1500,
                HostAddressing = new NodeAddressing { Ipv4 = new NodeAddressingElement { Enabled = true, Ip = "10.0.1.1" } },
                HostMac = "02:00:00:00:00:01",
                InterfaceName = "lxc0123456789ab",
                Mac = "02:00:00:00:00:02",
                RouteMtu = 1450,
            },
        },
    };

    public static FakeAgent Agent() => new FakeAgent().On(CreateRoute, Json(Web), 201);

    public static string Json(EndpointResource endpoint) => JsonSerializer.Serialize(endpoint, ApiJson.Default.EndpointResource);

    public static string Json(params IReadOnlyList<EndpointResource> endpoints) =>
        JsonSerializer.Serialize(endpoints, ApiJson.Default.EndpointList);
}
