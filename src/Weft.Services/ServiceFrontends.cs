using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weft.Model.Addressing;
using Weft.Model.Services;

namespace Weft.Services;

/// <summary>Works out the frontends that one service claims, and what of it cannot be.</summary>
/// <remarks>Records come from the store, where anybody may have written: what manifests are refused for is left out here, and told.</remarks>
internal sealed class ServiceFrontends
{
    private static readonly IPAddress[] s_nodeAddresses = [IPAddress.Any, IPAddress.IPv6Any];

    private readonly ServiceRecord _service;
    private readonly BackendSelector _backends;
    private readonly Dictionary<FrontendKey, Frontend> _claims = [];
    private readonly List<string> _problems = [];
    private int? _affinitySeconds;

    private ServiceFrontends(ServiceRecord service, BackendSelector backends)
    {
        _service = service;
        _backends = backends;
    }

    public static (IReadOnlyCollection<Frontend> Claims, IReadOnlyList<string> Problems) Of(ServiceRecord service, BackendSelector backends)
    {
        ServiceFrontends frontends = new(service, backends);
        if (service.Type == ServiceType.ExternalName)
        {
            frontends._problems.Add("it is an ExternalName, a matter of DNS alone: nothing of it is balanced");
        }
        else if (!service.IsHeadless)
        {
            frontends.AddPorts();
        }

        return (frontends._claims.Values, frontends._problems);
    }

    private void AddPorts()
    {
        (FrontendKind Kind, IPAddress Address)[] outside =
        [
            .. Usable(_service.LoadBalancerIPs, "load balancer IP").Select(address => (FrontendKind.LoadBalancer, address)),
            .. Usable(_service.ExternalIPs, "external IP").Select(address => (FrontendKind.ExternalIP, address)),
        ];
        IPAddress[] clusterIPs = [.. Usable(_service.ClusterIPs, "cluster IP")];
        _affinitySeconds = Affinity();
        foreach (ServicePort port in _service.Ports)
        {
            AddPort(port, clusterIPs, outside);
        }
    }

    private int? Affinity()
    {
        if (_service.AffinitySeconds is not { } seconds || seconds is >= 1 and <= ServiceRecord.MaxAffinitySeconds)
        {
            return _service.AffinitySeconds;
        }

        _problems.Add($"session affinity of {seconds} s cannot be (1 to {ServiceRecord.MaxAffinitySeconds} s): it is {ServiceRecord.DefaultAffinitySeconds} s");
        return ServiceRecord.DefaultAffinitySeconds;
    }

    private void AddPort(ServicePort port, IPAddress[] clusterIPs, (FrontendKind Kind, IPAddress Address)[] outside)
    {
        if (!TransportProtocols.TryParse(port.Protocol, out TransportProtocol protocol))
        {
            _problems.Add($"{port.DisplayName}: unknown protocol '{port.Protocol}', the port is not served (only TCP and UDP are balanced)");
            return;
        }

        if (port.Port == 0)
        {
            _problems.Add($"{port.DisplayName}: 0 is no port, it is not served");
            return;
        }

        PortBackends ofPort = new(_backends, _service, port, protocol);
        foreach (IPAddress address in clusterIPs)
        {
            Claim(new FrontendKey(address, port.Port, protocol), FrontendKind.ClusterIP, port, ofPort);
        }

        AddNodePort(port, protocol, ofPort);
        foreach ((FrontendKind kind, IPAddress address) in outside)
        {
            Claim(new FrontendKey(address, port.Port, protocol), kind, port, ofPort);
        }
    }

    private void AddNodePort(ServicePort port, TransportProtocol protocol, PortBackends ofPort)
    {
        if (_service.Type == ServiceType.ClusterIP || port.NodePort is not { } nodePort)
        {
            return;
        }

        if (!NodePortRange.Contains(nodePort))
        {
            _problems.Add($"{port.DisplayName}: node port {nodePort} is not served (only {NodePortRange.First} to {NodePortRange.Last} are)");
            return;
        }

        // The families of a service are those of its cluster IPs; without any it may have both.
        foreach (IPAddress any in s_nodeAddresses.Where(any =>
            _service.ClusterIPs.IsEmpty || _service.ClusterIPs.Any(address => address.AddressFamily == any.AddressFamily)))
        {
            Claim(new FrontendKey(any, nodePort, protocol), FrontendKind.NodePort, port, ofPort);
        }
    }

    private IEnumerable<IPAddress> Usable(ImmutableArray<IPAddress> addresses, string what)
    {
        foreach (IPAddress address in addresses)
        {
            if (SpecialAddress.Kind(address) is not { } special)
            {
                yield return address;
            }
            else
            {
                _problems.Add($"{what} {address} is {special}: nothing is served there");
            }
        }
    }

    private void Claim(FrontendKey key, FrontendKind kind, ServicePort port, PortBackends backends)
    {
        ServicePortName owner = new(_service.Name, port.Name);
        if (_claims.TryGetValue(key, out Frontend? first))
        {
            // One port at one address twice is the same thing said again; two ports cannot both have it.
            if (first.Owner != owner)
            {
                _problems.Add($"{port.DisplayName}: {key} is that of {first.Owner} already");
            }

            return;
        }

        BackendLists lists = backends.Of(key.Address.AddressFamily, kind);
        _claims.Add(key, new Frontend
        {
            Key = key,
            Kind = kind,
            Owner = owner,
            AffinitySeconds = _affinitySeconds,
            Algorithm = _service.Algorithm,
            ForwardingMode = _service.ForwardingMode,
            SourceRanges = kind == FrontendKind.LoadBalancer && !_service.SourceRanges.IsEmpty
                ? [.. _service.SourceRanges.Where(range => range.BaseAddress.AddressFamily == key.Address.AddressFamily)]
                : null,
            Internal = lists.Internal,
            External = lists.External,
            Retained = lists.Retained,
        });
    }

    /// <summary>The lists of one port; several addresses of one family share theirs.</summary>
    private sealed class PortBackends(BackendSelector selector, ServiceRecord service, ServicePort port, TransportProtocol protocol)
    {
        private readonly Dictionary<(AddressFamily, bool), BackendLists> _lists = [];

        public BackendLists Of(AddressFamily family, FrontendKind kind)
        {
            bool isClusterOnly = kind == FrontendKind.ClusterIP;
            if (!_lists.TryGetValue((family, isClusterOnly), out BackendLists? lists))
            {
                lists = selector.Select(service, port, protocol, family, isClusterOnly);
                _lists.Add((family, isClusterOnly), lists);
            }

            return lists;
        }
    }
}
