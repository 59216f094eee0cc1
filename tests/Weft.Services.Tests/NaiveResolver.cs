using System.Net;
using System.Net.Sockets;
using Weft.Model.Services;

namespace Weft.Services.Tests;

/// <summary>The table, worked out frontend by frontend from the words of the Kubernetes API, with no thought of cost.</summary>
internal static class NaiveResolver
{
    /// <summary>A line a frontend.</summary>
    public static List<string> Resolve(IEnumerable<(ServiceRecord Service, long Created)> services, IReadOnlyCollection<EndpointSliceRecord> slices)
    {
        List<string> lines = [];
        HashSet<FrontendKey> given = [];
        // "Older" is first come, first served.
        foreach ((ServiceRecord service, _) in services.OrderBy(s => s.Created).ThenBy(s => s.Service.Name))
        {
            foreach ((FrontendKey key, FrontendKind kind, ServicePort port) in Claims(service))
            {
                if (given.Add(key))
                {
                    lines.Add(Line(service, key, kind, port, slices));
                }
            }
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    public static List<string> Lines(ServiceTable table) =>
        [.. table.Frontends.Values.Select(f => Line(f.Key, f.Kind, $"{f.Owner}", f.Internal, f.External, f.Retained)).Order(StringComparer.Ordinal)];

    /// <summary>Who claims something that another has.</summary>
    public static List<string> Overlapping(IEnumerable<(ServiceRecord Service, long Created)> services)
    {
        Dictionary<FrontendKey, ResourceName> given = [];
        HashSet<string> losers = [];
        foreach ((ServiceRecord service, _) in services.OrderBy(s => s.Created).ThenBy(s => s.Service.Name))
        {
            foreach ((FrontendKey key, _, _) in Claims(service).Where(claim => !given.TryAdd(claim.Key, service.Name)))
            {
                if (given[key] != service.Name)
                {
                    losers.Add($"{service.Name} {key}");
                }
            }
        }

        return [.. losers.Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<(FrontendKey Key, FrontendKind Kind, ServicePort Port)> Claims(ServiceRecord service)
    {
        if (service.IsHeadless || service.Type == ServiceType.ExternalName)
        {
            yield break;
        }

        foreach (ServicePort port in service.Ports.Where(port => port.Protocol is "TCP" or "UDP"))
        {
            TransportProtocol protocol = port.Protocol == "TCP" ? TransportProtocol.Tcp : TransportProtocol.Udp;
            foreach (IPAddress address in service.ClusterIPs)
            {
                yield return (new FrontendKey(address, port.Port, protocol), FrontendKind.ClusterIP, port);
            }

            if (service.Type != ServiceType.ClusterIP && port.NodePort is { } nodePort)
            {
                bool four = service.ClusterIPs.IsEmpty || service.ClusterIPs.Any(a => a.AddressFamily == AddressFamily.InterNetwork);
                bool six = service.ClusterIPs.IsEmpty || service.ClusterIPs.Any(a => a.AddressFamily == AddressFamily.InterNetworkV6);
                if (four)
                {
                    yield return (new FrontendKey(IPAddress.Any, nodePort, protocol), FrontendKind.NodePort, port);
                }

                if (six)
                {
                    yield return (new FrontendKey(IPAddress.IPv6Any, nodePort, protocol), FrontendKind.NodePort, port);
                }
            }

            foreach (IPAddress address in service.LoadBalancerIPs)
            {
                yield return (new FrontendKey(address, port.Port, protocol), FrontendKind.LoadBalancer, port);
            }

            foreach (IPAddress address in service.ExternalIPs)
            {
                yield return (new FrontendKey(address, port.Port, protocol), FrontendKind.ExternalIP, port);
            }
        }
    }

    private static string Line(
        ServiceRecord service, FrontendKey key, FrontendKind kind, ServicePort port, IReadOnlyCollection<EndpointSliceRecord> slices)
    {
        List<(Backend Backend, SliceEndpoint Endpoint)> all = [];
        foreach (EndpointSliceRecord slice in slices)
        {
            bool isTheFamily = (slice.AddressType == SliceAddressType.IPv4) == (key.Address.AddressFamily == AddressFamily.InterNetwork);
            SlicePort? match = slice.Ports.SingleOrDefault(p => p.Name == port.Name && p.Protocol == port.Protocol);
            if (slice.Service == service.Name && isTheFamily && match?.Port is { } number)
            {
                all.AddRange(slice.Endpoints.Select(endpoint => (new Backend(endpoint.Address, number, key.Protocol), endpoint)));
            }
        }

        bool isClusterIP = kind == FrontendKind.ClusterIP;
        List<Backend> @internal = Choose(service, all, isClusterIP && service.InternalTrafficPolicy == TrafficPolicy.Local);
        List<Backend> external = isClusterIP ? [] : Choose(service, all, service.ExternalTrafficPolicy == TrafficPolicy.Local);
        List<Backend> retained =
        [
            .. all.Where(b => key.Protocol == TransportProtocol.Tcp || b.Endpoint.IsServing).Select(b => b.Backend)
                .Where(b => !@internal.Contains(b) && !external.Contains(b)).Distinct(),
        ];
        return Line(key, kind, port.Name.Length == 0 ? $"{service.Name}" : $"{service.Name}:{port.Name}", @internal, external, retained);
    }

    private static List<Backend> Choose(ServiceRecord service, List<(Backend Backend, SliceEndpoint Endpoint)> all, bool onlyHere)
    {
        List<Backend> ready = [];
        List<Backend> lastResort = [];
        foreach ((Backend backend, SliceEndpoint endpoint) in all)
        {
            if (onlyHere && endpoint.Node != Sample.Here)
            {
                continue;
            }

            if (endpoint.IsReady || service.PublishNotReadyAddresses)
            {
                ready.Add(backend);
            }
            else if (endpoint.IsTerminating && endpoint.IsServing)
            {
                lastResort.Add(backend);
            }
        }

        return [.. (ready.Count > 0 ? ready : lastResort).Distinct()];
    }

    private static string Line(
        FrontendKey key, FrontendKind kind, string owner, IEnumerable<Backend> @internal, IEnumerable<Backend> external, IEnumerable<Backend> retained) =>
        $"{key} {kind} {owner} internal [{Sorted(@internal)}] external [{Sorted(external)}] retained [{Sorted(retained)}]";

    private static string Sorted(IEnumerable<Backend> backends) => string.Join(' ', backends.Select(b => b.ToString()).Order(StringComparer.Ordinal));
}
