using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using Weft.Model.Addressing;
using Weft.Model.Nodes;
using Weft.Model.Services;

namespace Weft.Services;

/// <summary>Chooses backends of one service out of its slices, as kube-proxy does (KEP-1669, KEP-2086).</summary>
internal sealed class BackendSelector(NodeName node, IReadOnlyCollection<EndpointSliceRecord> slices)
{
    public BackendLists Select(ServiceRecord service, ServicePort port, TransportProtocol protocol, AddressFamily family, bool isClusterOnly)
    {
        List<Candidate> all = Candidates(service, port, protocol, family);
        ImmutableArray<Backend> anywhere = Eligible(all);
        ImmutableArray<Backend> here = Eligible(all.Where(candidate => candidate.IsLocal));
        // The internal policy is of the cluster IP alone. Whoever calls an outside address from within the cluster has all backends.
        ImmutableArray<Backend> @internal = isClusterOnly && service.InternalTrafficPolicy == TrafficPolicy.Local ? here : anywhere;
        ImmutableArray<Backend> external = isClusterOnly ? []
            : service.ExternalTrafficPolicy == TrafficPolicy.Local ? here : anywhere;
        // A TCP connection to a backend that is not ready is the backend's affair; a UDP flow would go on into nothing.
        HashSet<Backend> listed = [.. @internal, .. external];
        ImmutableArray<Backend> retained = Sorted(all
            .Where(candidate => (protocol == TransportProtocol.Tcp || candidate.IsServing) && !listed.Contains(candidate.Backend)));
        return new BackendLists(@internal, external, retained);
    }

    /// <summary>Those that are ready; if none is, those that terminate and serve still.</summary>
    private static ImmutableArray<Backend> Eligible(IEnumerable<Candidate> candidates)
    {
        ImmutableArray<Backend> ready = Sorted(candidates.Where(candidate => candidate.IsReady));
        return ready.IsEmpty ? Sorted(candidates.Where(candidate => candidate.IsServing && candidate.IsTerminating)) : ready;
    }

    private static ImmutableArray<Backend> Sorted(IEnumerable<Candidate> candidates) =>
        [.. candidates.Select(candidate => candidate.Backend).Distinct().Order()];

    private List<Candidate> Candidates(ServiceRecord service, ServicePort port, TransportProtocol protocol, AddressFamily family)
    {
        List<Candidate> candidates = [];
        foreach (EndpointSliceRecord slice in slices.Where(slice => slice.AddressType.Family() == family))
        {
            if (NumberOf(slice, port) is not { } number)
            {
                continue;
            }

            foreach (SliceEndpoint endpoint in slice.Endpoints.Where(endpoint => slice.Fits(endpoint.Address)))
            {
                if (SpecialAddress.Kind(endpoint.Address) is null)
                {
                    candidates.Add(new Candidate(
                        new Backend(endpoint.Address, number, protocol),
                        IsLocal: endpoint.Node == node,
                        IsReady: endpoint.IsReady || service.PublishNotReadyAddresses,
                        endpoint.IsServing,
                        endpoint.IsTerminating));
                }
            }
        }

        return candidates;
    }

    private static ushort? NumberOf(EndpointSliceRecord slice, ServicePort port)
    {
        SlicePort? match = slice.Ports.FirstOrDefault(other => other.Name == port.Name && other.Protocol == port.Protocol);
        if (match is null || match.Port == 0)
        {
            return null;
        }

        // A slice's port without a number means all ports of its endpoints, so the service's word counts.
        return match.Port
            ?? (port.TargetPort is null ? port.Port
                : ushort.TryParse(port.TargetPort, NumberStyles.None, CultureInfo.InvariantCulture, out ushort target) && target != 0 ? target
                : null);
    }

    private readonly record struct Candidate(Backend Backend, bool IsLocal, bool IsReady, bool IsServing, bool IsTerminating);
}
