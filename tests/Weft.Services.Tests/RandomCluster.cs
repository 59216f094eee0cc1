using System.Net;
using Weft.Model.Nodes;
using Weft.Model.Services;

namespace Weft.Services.Tests;

/// <summary>Services and slices by chance, out of so few names, addresses and ports that they meet all the time.</summary>
internal sealed class RandomCluster(Random random)
{
    private static readonly NodeName[] s_nodes = [Sample.Here, Sample.There];
    private static readonly string[] s_portNames = ["", "http", "dns"];
    private static readonly string[] s_protocols = ["TCP", "UDP", "SCTP"];
    private long _created;

    public Dictionary<ResourceName, (ServiceRecord Service, long Created)> Services { get; } = [];

    public Dictionary<ResourceName, EndpointSliceRecord> Slices { get; } = [];

    /// <summary>Changes something, here and in the resolver.</summary>
    public void Step(ServiceResolver resolver)
    {
        ResourceName service = ResourceName.Parse($"ns{random.Next(2)}/s{random.Next(5)}");
        ResourceName slice = ResourceName.Parse($"ns{random.Next(2)}/slice{random.Next(8)}");
        switch (random.Next(6))
        {
            case 0:
                Services.Remove(service);
                resolver.RemoveService(service);
                break;
            case 1:
                Slices.Remove(slice);
                resolver.RemoveSlice(slice);
                break;
            case 2 or 3:
                long created = Services.TryGetValue(service, out var known) && random.Next(4) > 0 ? known.Created : ++_created / 2;
                Services[service] = (Service(service), created);
                resolver.PutService(Services[service].Service, created);
                break;
            default:
                Slices[slice] = Slice(slice);
                resolver.PutSlice(Slices[slice]);
                break;
        }
    }

    private ServiceRecord Service(ResourceName name)
    {
        ServiceType type = (ServiceType)random.Next(random.Next(8) == 0 ? 4 : 3);
        return new ServiceRecord
        {
            Name = name,
            Type = type,
            IsHeadless = random.Next(10) == 0,
            ClusterIPs = [.. Some("10.96.0.", 2), .. Some("fd96::", 2)],
            Ports = [.. s_portNames.Where(_ => random.Next(2) == 0).Select(Port).DistinctBy(p => (p.Port, p.Protocol)).DistinctBy(p => (p.NodePort, p.Protocol))],
            ExternalIPs = [.. Some("10.96.0.", 3), .. Some("fd96::", 3)],
            LoadBalancerIPs = [.. Some("10.96.0.", 3)],
            SourceRanges = [],
            InternalTrafficPolicy = (TrafficPolicy)random.Next(2),
            ExternalTrafficPolicy = (TrafficPolicy)random.Next(2),
            PublishNotReadyAddresses = random.Next(6) == 0,
        };
    }

    private ServicePort Port(string name) => new()
    {
        Name = name,
        Protocol = s_protocols[random.Next(s_protocols.Length)],
        Port = (ushort)random.Next(80, 83),
        NodePort = random.Next(2) == 0 ? (ushort)random.Next(30000, 30003) : null,
    };

    private IEnumerable<IPAddress> Some(string prefix, int upTo) =>
        random.Next(2) == 0 ? [] : [IPAddress.Parse($"{prefix}{random.Next(1, upTo + 1)}")];

    private EndpointSliceRecord Slice(ResourceName name)
    {
        SliceAddressType type = (SliceAddressType)random.Next(2);
        return new EndpointSliceRecord
        {
            Name = name,
            Service = ResourceName.Parse($"{name.Namespace}/s{random.Next(5)}"),
            AddressType = type,
            Endpoints = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Endpoint(type == SliceAddressType.IPv4 ? "10.0.1." : "fd00::"))],
            Ports = [.. s_portNames.Where(_ => random.Next(3) > 0).Select(port => new SlicePort
            {
                Name = port,
                Protocol = s_protocols[random.Next(2)],
                Port = (ushort)random.Next(8080, 8082),
            })],
        };
    }

    private SliceEndpoint Endpoint(string prefix) => new()
    {
        Address = IPAddress.Parse($"{prefix}{random.Next(1, 5)}"),
        Node = random.Next(5) == 0 ? null : s_nodes[random.Next(2)],
        IsReady = random.Next(2) == 0,
        IsServing = random.Next(2) == 0,
        IsTerminating = random.Next(2) == 0,
    };
}
