using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weft.Api.Endpoints;
using Weft.Api.Services;
using Weft.Cli.Hosting;
using Weft.Lab.State;
using Weft.Lab.Topology;

namespace Weft.Cli.Trace;

/// <summary>The nodes that a trace asks, and what all of them together know of names and addresses.</summary>
internal sealed class TraceWorld : IDisposable
{
    private readonly string? _lab;
    private readonly string _command;
    private readonly LabTopology? _topology;

    private TraceWorld(string? lab, IReadOnlyList<TraceNode> nodes, string command)
    {
        _lab = lab;
        _command = command;
        _topology = lab is null ? null : new LabDirectory(lab).ReadTopology();
        Nodes = nodes;
    }

    public IReadOnlyList<TraceNode> Nodes { get; }

    /// <summary>Null: the nodes are machines.</summary>
    public string? Lab => _lab;

    public ImmutableSortedDictionary<string, string> Silent => Nodes.Where(node => node.Fault is not null)
        .ToImmutableSortedDictionary(node => node.Name, node => node.Fault!, StringComparer.Ordinal);

    /// <summary>Nodes whose agents follow packets.</summary>
    public ImmutableSortedSet<string> Traced => [.. Nodes.Where(node => node.Fault is null).Select(node => node.Name)];

    /// <summary>Names of all nodes of the cluster by their addresses, also of those that were not asked.</summary>
    public ImmutableDictionary<IPAddress, string> NodeAddresses { get; private set; } = ImmutableDictionary<IPAddress, string>.Empty;

    /// <summary>Names of nodes by the addresses of the pods that their agents have.</summary>
    public ImmutableDictionary<IPAddress, string> PodAddresses => Pods().SelectMany(pod => AddressesOf(pod.Endpoint).Select(address => (address, pod.Node.Name)))
        .DistinctBy(pair => pair.address).ToImmutableDictionary(pair => pair.address, pair => pair.Name);

    /// <summary>Opens every node's agent and asks for what it knows. An agent that does not answer is no error yet.</summary>
    /// <param name="command">Begins errors about names.</param>
    public static async Task<TraceWorld> OpenAsync(Invocation invocation, CancellationToken cancellationToken, string command = "trace")
    {
        (string? lab, IReadOnlyList<(string Name, string Socket)> targets) = invocation.AllTargets();
        TraceWorld world = new(lab, [.. targets.Select(target => new TraceNode(target.Name, new Api.AgentClient(target.Socket)))], command);
        try
        {
            await Task.WhenAll(world.Nodes.Select(node => node.LearnAsync(cancellationToken)));
            world.NodeAddresses = world.Nodes.SelectMany(node => node.Nodes)
                .SelectMany(node => ((string?[])[node.PrimaryAddress?.Ipv4?.Ip, node.PrimaryAddress?.Ipv6?.Ip]).OfType<string>().Select(address => (address, node.Name)))
                .Where(pair => IPAddress.TryParse(pair.address, out _)).DistinctBy(pair => pair.address)
                .ToImmutableDictionary(pair => IPAddress.Parse(pair.address), pair => pair.Name);
            return world;
        }
        catch
        {
            world.Dispose();
            throw;
        }
    }

    /// <param name="among">Null: all nodes.</param>
    /// <exception cref="UsageException">None of them can be asked.</exception>
    public void RequireNode(IReadOnlyList<TraceNode>? among = null)
    {
        if ((among ?? Nodes).All(node => node.Fault is not null))
        {
            throw new UsageException($"{_command}: no node can be asked: {string.Join("; ", Silent.Select(node => $"{node.Key}: {node.Value}"))}");
        }
    }

    /// <summary>Finds an end by name or address: <c>POD</c>, <c>NAMESPACE/POD</c>, <c>NODE</c>, <c>NAMESPACE/SERVICE</c>, an outside host of a lab, an address.</summary>
    /// <exception cref="UsageException">Nothing has that name, or several do.</exception>
    public TraceEnd Find(string text, bool isIPv6)
    {
        (string name, int? port) = Split(text);
        return (IPAddress.TryParse(name, out IPAddress? address) ? ByAddress(address) : ByName(name, isIPv6)) with { Port = port ?? ServicePort(name) };
    }

    /// <summary>The pods of that name, <c>POD</c> or <c>NAMESPACE/POD</c>, with the full one.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public IReadOnlyList<(TraceNode Node, string Name)> FindPods(string name)
    {
        (TraceNode, string)[] found = [.. Pods().Where(pod => IsNamed(pod.Name, name)).Select(pod => (pod.Node, pod.Name))];
        return found.Length > 0 ? found : throw new UsageException($"trace '{name}': no pod has that name {Known()}");
    }

    /// <summary>A filter, as tcpdump takes it, for packets between two ends in both directions, as they are after the translation of services.</summary>
    public string FilterOf(TraceEnd source, TraceEnd destination)
    {
        (IPAddress Address, int? Port)[] targets = destination.Kind == TraceEndKind.Service ? [.. BackendsOf(destination)] : [(destination.Address!, destination.Port)];
        if (targets.Length == 0)
        {
            throw new UsageException($"trace '{destination.Name}': the service has no backends, so nothing is sent for it");
        }

        string any = string.Join(" or ", targets.Select(target => target.Port is { } port
            ? string.Create(CultureInfo.InvariantCulture, $"(host {target.Address} and port {port})")
            : $"host {target.Address}"));
        return $"host {source.Address} and ({any})";
    }

    /// <summary>All addresses of what <see cref="Find"/> finds, of both families, and the port.</summary>
    /// <exception cref="UsageException">Nothing has that name, or several do.</exception>
    public (IReadOnlyList<IPAddress> Addresses, int? Port) FindAll(string text)
    {
        List<IPAddress> addresses = [];
        UsageException? fault = null;
        int? port = null;
        foreach (bool isIPv6 in (bool[])[false, true])
        {
            try
            {
                TraceEnd end = Find(text, isIPv6);
                port = end.Port;
                addresses.AddRange(end.Address is { } address && !addresses.Contains(address) ? [address] : []);
            }
            catch (UsageException error)
            {
                fault ??= error;
            }
        }

        return addresses.Count > 0 ? (addresses, port) : throw fault ?? new UsageException($"{_command} '{text}': it has no address");
    }

    /// <summary>Pods of all nodes, with what their agents know of them.</summary>
    public IEnumerable<(TraceNode Node, EndpointResource Endpoint, string Name)> Pods() =>
        Nodes.SelectMany(node => node.Endpoints.Select(endpoint => (node, endpoint, NameOf(endpoint)))).Where(pod => pod.Item3 is not null).Select(pod => (pod.node, pod.endpoint, pod.Item3!));

    public static IEnumerable<IPAddress> AddressesOf(EndpointResource endpoint) => (endpoint.Status?.Networking?.Addressing ?? [])
        .SelectMany(pair => (string?[])[pair.Ipv4, pair.Ipv6]).OfType<string>().Where(text => IPAddress.TryParse(text, out _)).Select(IPAddress.Parse);

    /// <summary>Ends that a person may mean, for completion and for errors.</summary>
    public IEnumerable<string> Names =>
    [
        .. Nodes.SelectMany(node => node.Endpoints).Select(NameOf).OfType<string>(),
        .. Nodes.Select(node => node.Name),
        .. _topology?.Outside.Select(host => host.Name) ?? [],
        .. Nodes.SelectMany(node => node.Services).Select(NameOf).OfType<string>().Distinct(),
    ];

    public void Dispose()
    {
        foreach (TraceNode node in Nodes)
        {
            node.Dispose();
        }
    }

    private TraceEnd ByName(string name, bool isIPv6)
    {
        List<TraceEnd> found =
        [
            .. Pods().Where(pod => IsNamed(pod.Name, name))
                .Select(pod => End(pod.Node, pod.Endpoint, pod.Name, isIPv6)),
        ];
        if (found.Count == 0)
        {
            found.AddRange(NodeAddresses.Where(node => node.Value == name && IsIPv6(node.Key) == isIPv6)
                .Select(node => new TraceEnd(TraceEndKind.Node, name, node.Key) { Node = name }));
        }

        if (found.Count == 0 && _topology?.FindOutside(name) is { } outside)
        {
            found.Add(new TraceEnd(TraceEndKind.Outside, name, isIPv6 ? outside.Address6?.Address : outside.Address.Address));
        }

        if (found.Count == 0)
        {
            found.AddRange(Frontends(name).Where(service => IsIPv6(service) == isIPv6).Select(service => new TraceEnd(TraceEndKind.Service, name, service)).Take(1));
        }

        return found switch
        {
            [TraceEnd only] => only,
            [] => throw new UsageException($"{_command} '{name}': no pod, node, service or host has that name {Known()}"),
            _ => throw new UsageException($"{_command} '{name}': there are {string.Join(", ", found.Select(end => end.Name))} (give NAMESPACE/POD)"),
        };
    }

    private TraceEnd ByAddress(IPAddress address)
    {
        foreach ((TraceNode node, EndpointResource endpoint, string name) in Pods())
        {
            if (AddressesOf(endpoint).Contains(address))
            {
                return new TraceEnd(TraceEndKind.Pod, name, address) { Node = node.Name, Endpoint = endpoint.Id };
            }
        }

        return NodeAddresses.TryGetValue(address, out string? host) ? new TraceEnd(TraceEndKind.Node, host, address) { Node = host }
            : _topology?.Outside.FirstOrDefault(outside => outside.Address.Address.Equals(address) || address.Equals(outside.Address6?.Address)) is { } other
                ? new TraceEnd(TraceEndKind.Outside, other.Name, address)
            : Nodes.SelectMany(node => node.Services).FirstOrDefault(service => service.Spec?.FrontendAddress.Ip == address.ToString()) is { } found
                ? new TraceEnd(TraceEndKind.Service, NameOf(found) ?? address.ToString(), address)
            : new TraceEnd(TraceEndKind.Address, address.ToString(), address);
    }

    private TraceEnd End(TraceNode node, EndpointResource endpoint, string name, bool isIPv6) => new(
        TraceEndKind.Pod, name,
        AddressesOf(endpoint).FirstOrDefault(address => IsIPv6(address) == isIPv6)
            ?? throw new UsageException($"{_command} '{name}': the pod has no {(isIPv6 ? "IPv6" : "IPv4")} address (it has {string.Join(", ", AddressesOf(endpoint))})"))
    {
        Node = node.Name,
        Endpoint = endpoint.Id,
    };

    private static string? NameOf(EndpointResource endpoint) => endpoint.Status?.ExternalIdentifiers?.PodName;

    private static string? NameOf(ServiceResource service) =>
        service.Spec?.Flags is { Name: { } name } flags ? $"{flags.Namespace ?? "default"}/{name}" : null;

    private IEnumerable<IPAddress> Frontends(string name) => Nodes.SelectMany(node => node.Services).Where(service => IsNamed(service, name))
        .OrderBy(service => service.Spec?.Flags?.Type == "ClusterIP" ? 0 : 1).Select(service => IPAddress.Parse(service.Spec!.FrontendAddress.Ip));

    private static bool IsNamed(ServiceResource service, string name) => NameOf(service) is { } full && IsNamed(full, name);

    private static bool IsNamed(string full, string name) => full == name || full[(full.IndexOf('/', StringComparison.Ordinal) + 1)..] == name;

    private IEnumerable<(IPAddress, int?)> BackendsOf(TraceEnd service) => Nodes.SelectMany(node => node.Services)
        .Where(known => known.Spec is { } spec && spec.FrontendAddress.Ip == service.Address!.ToString() && (service.Port is null || spec.FrontendAddress.Port == service.Port))
        .SelectMany(known => known.Spec!.BackendAddresses).Select(backend => (IPAddress.Parse(backend.Ip), (int?)backend.Port)).Distinct();

    /// <summary>The port of a service that has only one.</summary>
    private int? ServicePort(string name)
    {
        int[] ports = [.. Nodes.SelectMany(node => node.Services).Where(service => IsNamed(service, name) && service.Spec!.Flags?.Type == "ClusterIP")
            .Select(service => (int)service.Spec!.FrontendAddress.Port).Distinct()];
        return ports is [int only] ? only : null;
    }

    /// <summary>In parentheses, for errors: names that there are, and nodes that were not asked.</summary>
    public string Known()
    {
        string[] names = [.. Names.Take(12)];
        string silent = Silent.Count == 0 ? "" : $"; not asked: {string.Join(", ", Silent.Keys)}";
        return names.Length == 0 ? $"(nothing is known{silent})" : $"(there are {string.Join(", ", names)}{silent})";
    }

    private static bool IsIPv6(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>Takes the port off: <c>pod:80</c>, <c>10.0.0.1:80</c>, <c>[fd00::1]:80</c>.</summary>
    private (string Name, int? Port) Split(string text)
    {
        if (IPAddress.TryParse(text, out _) && !text.StartsWith('['))
        {
            return (text, null);
        }

        int colon = text.LastIndexOf(':');
        if (colon < 0 || text.EndsWith(']'))
        {
            return (text.Trim('[', ']'), null);
        }

        return int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= ushort.MaxValue
            ? (text[..colon].Trim('[', ']'), port)
            : throw new UsageException($"{_command} '{text}': what follows the colon is a port from 1 to 65535");
    }
}
