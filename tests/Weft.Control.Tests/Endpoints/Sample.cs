using System.Net;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Model.Labels;

namespace Weft.Control.Tests.Endpoints;

/// <summary>An endpoint for tests that do not care which.</summary>
internal static class Sample
{
    public static EndpointRecord Endpoint(ushort id, string container = "web", string address = "10.0.1.180") => new()
    {
        Id = new EndpointId(id),
        ContainerId = container,
        ContainerInterface = "eth0",
        NetnsPath = $"/run/netns/{container}",
        KubernetesNamespace = "default",
        KubernetesPod = container,
        HostInterface = $"lxc{id:x12}",
        HostIfindex = id,
        Mac = new MacAddress(0x0a_00_00_00_00_00 + (ulong)id),
        HostMac = new MacAddress(0x0e_00_00_00_00_00 + (ulong)id),
        IPv4 = IPAddress.Parse(address),
        Labels = LabelSet.Parse(["k8s:app=cni"]),
        Identity = new Identity(4000),
    };
}
