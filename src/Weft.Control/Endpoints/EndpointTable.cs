using System.Collections.Concurrent;
using System.Net;
using Weft.Model.Endpoints;

namespace Weft.Control.Endpoints;

/// <summary>The endpoints of this node, found by id or by what others call them.</summary>
/// <remarks>Thread-safe. Searches other than by id walk the table: a node has hundreds of pods, and they are rare.</remarks>
public sealed class EndpointTable
{
    private readonly ConcurrentDictionary<EndpointId, Endpoint> _byId = new();
    private readonly ConcurrentDictionary<(string Container, string Interface), Endpoint> _byAttachment = new();

    /// <summary>Raised with what goes into an endpoint's log, and with nothing when it is gone; on whatever thread does it.</summary>
    public event Action<Endpoint, EndpointLogEntry?>? Happened;

    public int Count => _byId.Count;

    /// <summary>By id.</summary>
    public IReadOnlyList<Endpoint> All => [.. _byId.Values.OrderBy(endpoint => endpoint.Id)];

    /// <summary>
    /// Finds by <c>3663</c>, <c>container-id:…</c>, <c>pod-name:namespace/name</c>, <c>ipv4:…</c>, <c>ipv6:…</c> or
    /// <c>cni-attachment-id:container:interface</c>.
    /// </summary>
    /// <exception cref="EndpointException">No such endpoint, or no such kind of name.</exception>
    public Endpoint Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        (string kind, string value) = colon < 0 ? ("", name) : (name[..colon], name[(colon + 1)..]);
        Endpoint? found = kind switch
        {
            "" or "cilium-local" => EndpointId.TryParse(value, out EndpointId id) ? TryFind(id) : throw Malformed(name),
            "container-id" => First(record => record.ContainerId == value),
            "container-name" => First(record => record.DisplayName == value),
            "pod-name" => First(record => record.KubernetesPod is not null && record.DisplayName == value),
            "cni-attachment-id" => First(record => $"{record.ContainerId}:{record.ContainerInterface}" == value),
            "ipv4" or "ipv6" => IPAddress.TryParse(value, out IPAddress? address)
                ? First(record => record.Addresses.Contains(address))
                : throw Malformed(name),
            _ => throw Malformed(name),
        };
        return found ?? throw new EndpointException(
            EndpointError.NotFound, $"find endpoint '{name}': this node has none (see 'weft endpoint list')");
    }

    public Endpoint? TryFind(EndpointId id) => _byId.GetValueOrDefault(id);

    public Endpoint? TryFind(string containerId, string containerInterface) =>
        _byAttachment.GetValueOrDefault((containerId, containerInterface));

    /// <returns>The endpoint that has the same container interface, or null: it was added.</returns>
    internal Endpoint? TryAdd(Endpoint endpoint)
    {
        EndpointRecord record = endpoint.Record;
        Endpoint there = _byAttachment.GetOrAdd((record.ContainerId, record.ContainerInterface), endpoint);
        if (there != endpoint)
        {
            return there;
        }

        _byId[record.Id] = endpoint;
        endpoint.Entered += Tell;
        if (endpoint.Log is [{ } entry, ..])
        {
            Tell(endpoint, entry);
        }

        return null;
    }

    internal void Remove(Endpoint endpoint)
    {
        if (_byId.TryRemove(endpoint.Id, out _))
        {
            endpoint.Entered -= Tell;
            Happened?.Invoke(endpoint, null);
        }

        _byAttachment.TryRemove(new((endpoint.Record.ContainerId, endpoint.Record.ContainerInterface), endpoint));
    }

    private void Tell(Endpoint endpoint, EndpointLogEntry entry) => Happened?.Invoke(endpoint, entry);

    private Endpoint? First(Func<EndpointRecord, bool> fits) => All.FirstOrDefault(endpoint => fits(endpoint.Record));

    private static EndpointException Malformed(string name) => new(
        EndpointError.Invalid,
        $"find endpoint '{name}': not a name of an endpoint "
            + "(a number from 1 to 65535, container-id:…, pod-name:namespace/name, ipv4:…, ipv6:… or cni-attachment-id:…)");
}
