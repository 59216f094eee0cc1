using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Api.Identities;
using Weft.Cli.Hosting;
using Weft.Events;

namespace Weft.Cli.Monitor;

/// <summary>What the watched nodes know of pods, identities and addresses.</summary>
internal sealed class MonitorWorld
{
    private readonly ConcurrentDictionary<IPAddress, string> _names = [];
    private ImmutableArray<EndpointResource> _endpoints = [];
    private ImmutableArray<IdentityResource> _identities = [];

    /// <summary>Asks every node. One that does not answer is asked for its events later, and fails there.</summary>
    public async Task LearnAsync(IEnumerable<AgentClient> agents, CancellationToken cancellationToken)
    {
        List<EndpointResource> endpoints = [];
        List<IdentityResource> identities = [];
        foreach (AgentClient agent in agents)
        {
            try
            {
                endpoints.AddRange(await agent.GetEndpointsAsync(cancellationToken));
                identities.AddRange(await agent.GetIdentitiesAsync(cancellationToken));
                foreach (Api.Cluster.NodeElement node in (await agent.GetNodesAsync(cancellationToken)).NodesAdded)
                {
                    Learn(node.Name, node.PrimaryAddress?.Ipv4?.Ip, node.PrimaryAddress?.Ipv6?.Ip);
                }
            }
            catch (Exception error) when (error is AgentUnreachableException or AgentApiException or InvalidDataException)
            {
                // Its stream of events says so.
            }
        }

        _endpoints = [.. endpoints];
        _identities = [.. identities.DistinctBy(identity => identity.Id)];
        foreach (EndpointResource endpoint in endpoints)
        {
            if (PodOf(endpoint) is { } pod)
            {
                Learn(pod, [.. AddressesOf(endpoint).Select(address => address.ToString())]);
            }
        }
    }

    /// <summary>A pod's or node's name; null: nobody known has the address.</summary>
    public string? NameOf(IPAddress address) => _names.GetValueOrDefault(address);

    /// <exception cref="UsageException">No pod has such a name, or no labels are selected.</exception>
    public EndCondition Resolve(EndRequest request)
    {
        EndpointResource[] endpoints = [.. request.Pods.SelectMany(pod => Pods(request, pod)), .. request.Labels.SelectMany(Selected)];
        uint[] identities = [.. request.Labels.SelectMany(label => _identities.Where(identity => label.Selects(identity.Labels))).Select(identity => (uint)identity.Id)];
        if (!request.Labels.IsEmpty && endpoints.Length + identities.Length == 0)
        {
            throw new UsageException($"{request.Option}: no identity of these nodes has such labels (see 'weft identity list')");
        }

        return new EndCondition(request.Side)
        {
            Identities = [.. request.Identities, .. identities],
            Addresses = [.. request.Addresses.Select(network => new AddressRange(network)), .. endpoints.SelectMany(AddressesOf).Distinct().Select(One)],

            // The number of an endpoint means something on its node only; where that is not the only one, its addresses have to do.
            Endpoints = IsOneNode ? [.. endpoints.Select(endpoint => (ushort)endpoint.Id)] : [],
        };
    }

    /// <summary>Events of one node only are watched.</summary>
    public bool IsOneNode { get; init; }

    public IEnumerable<string> PodNames => _endpoints.Select(PodOf).OfType<string>().Order(StringComparer.Ordinal);

    private void Learn(string name, params string?[] addresses)
    {
        foreach (string text in addresses.OfType<string>())
        {
            if (IPAddress.TryParse(text, out IPAddress? address))
            {
                _names[address] = name;
            }
        }
    }

    private EndpointResource[] Pods(EndRequest request, string name)
    {
        EndpointResource[] found = [.. _endpoints.Where(endpoint => PodOf(endpoint) is { } pod && (pod == name || pod[(pod.IndexOf('/', StringComparison.Ordinal) + 1)..] == name))];
        string[] names = [.. found.Select(PodOf).OfType<string>().Distinct()];
        return names.Length == 1 ? found : throw new UsageException(names.Length > 1
            ? $"{request.Option} '{name}': there are {string.Join(", ", names)} (give NAMESPACE/POD)"
            : $"{request.Option} '{name}': no pod of the watched nodes has that name; {Known()} (choose nodes with --node, or give its address with --ip)");
    }

    private string Known()
    {
        const int most = 12;
        string[] names = [.. PodNames.Take(most)];
        return names.Length == 0 ? "they have no pods" : $"there are {string.Join(", ", names)}";
    }

    private IEnumerable<EndpointResource> Selected(LabelSelectorText label) => _endpoints.Where(endpoint => label.Selects(endpoint.Status?.Identity?.Labels ?? []));

    private static string? PodOf(EndpointResource endpoint) => endpoint.Status?.ExternalIdentifiers?.PodName;

    private static AddressRange One(IPAddress address) => new(new IPNetwork(address, address.GetAddressBytes().Length * 8));

    private static IEnumerable<IPAddress> AddressesOf(EndpointResource endpoint) => (endpoint.Status?.Networking?.Addressing ?? [])
        .SelectMany(pair => (string?[])[pair.Ipv4, pair.Ipv6]).OfType<string>().Where(text => IPAddress.TryParse(text, out _)).Select(IPAddress.Parse);
}
