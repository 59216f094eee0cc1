using System.Net;
using Weft.Model.Nodes;
using Weft.Model.Services;

namespace Weft.Services.Tests;

/// <summary>The actors of these tests: a node of our own, another one, a web service with a cluster IP.</summary>
internal static class Sample
{
    public static readonly NodeName Here = NodeName.Parse("east");
    public static readonly NodeName There = NodeName.Parse("west");
    public static readonly ResourceName Web = ResourceName.Parse("shop/web");

    public static ServiceRecord Service(string name = "shop/web", string? clusterIP = "10.96.0.10") => new()
    {
        Name = ResourceName.Parse(name),
        ClusterIPs = clusterIP is null ? [] : [IPAddress.Parse(clusterIP)],
        Ports = [Port()],
        ExternalIPs = [],
        LoadBalancerIPs = [],
        SourceRanges = [],
    };

    public static ServicePort Port(string name = "http", ushort port = 80, ushort? nodePort = null, string protocol = "TCP") =>
        new() { Name = name, Port = port, Protocol = protocol, NodePort = nodePort };

    public static EndpointSliceRecord Slice(params SliceEndpoint[] endpoints) => new()
    {
        Name = ResourceName.Parse("shop/web-1"),
        Service = Web,
        AddressType = SliceAddressType.IPv4,
        Endpoints = [.. endpoints],
        Ports = [new SlicePort { Name = "http", Protocol = "TCP", Port = 8080 }],
    };

    public static SliceEndpoint Ready(string address, NodeName? node = null) => new()
    {
        Address = IPAddress.Parse(address),
        Node = node,
        IsReady = true,
        IsServing = true,
        IsTerminating = false,
    };

    public static SliceEndpoint NotReady(string address, NodeName? node = null) => Ready(address, node) with { IsReady = false, IsServing = false };

    public static SliceEndpoint Terminating(string address, NodeName? node = null) => Ready(address, node) with { IsReady = false, IsTerminating = true };

    public static FrontendKey Key(string address, ushort port = 80, TransportProtocol protocol = TransportProtocol.Tcp) =>
        new(IPAddress.Parse(address), port, protocol);

    public static ServiceTable Resolve(ServiceRecord service, params EndpointSliceRecord[] slices)
    {
        ServiceResolver resolver = new(Here);
        resolver.PutService(service, created: 1);
        foreach (EndpointSliceRecord slice in slices)
        {
            resolver.PutSlice(slice);
        }

        resolver.Resolve();
        return resolver.Table;
    }

    /// <summary>`10.0.1.7:8080, …`.</summary>
    public static string Text(this IEnumerable<Backend> backends) => string.Join(", ", backends.Select(b => $"{b.Address}:{b.Port}"));
}
