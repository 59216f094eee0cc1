using System.Net;
using Weft.Model.Nodes;
using Weft.Model.Services;

namespace Weft.Control.Tests.Services;

/// <summary>Services of one port with a cluster IP, and slices with ready backends.</summary>
internal static class Sample
{
    public static readonly NodeName Here = NodeName.Parse("east");

    public static ServiceRecord Service(string name = "shop/web", string clusterIP = "10.96.0.10", ushort? nodePort = null) => new()
    {
        Name = ResourceName.Parse(name),
        Type = nodePort is null ? ServiceType.ClusterIP : ServiceType.NodePort,
        ClusterIPs = [IPAddress.Parse(clusterIP)],
        Ports = [new ServicePort { Name = "", Protocol = "TCP", Port = 80, NodePort = nodePort }],
        ExternalIPs = [],
        LoadBalancerIPs = [],
        SourceRanges = [],
    };

    public static EndpointSliceRecord Slice(string name, string service, params string[] addresses) => new()
    {
        Name = ResourceName.Parse(name),
        Service = ResourceName.Parse(service),
        AddressType = SliceAddressType.IPv4,
        Endpoints = [.. addresses.Select(Ready)],
        Ports = [new SlicePort { Name = "", Protocol = "TCP", Port = 8080 }],
    };

    public static SliceEndpoint Ready(string address) => new()
    {
        Address = IPAddress.Parse(address), Node = Here, IsReady = true, IsServing = true, IsTerminating = false,
    };
}
