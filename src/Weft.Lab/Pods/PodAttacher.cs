using System.Globalization;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Api.Ipam;
using Weft.Lab.Nodes;
using Weft.Lab.State;
using Weft.Lab.Topology;
using Weft.Model.Endpoints;
using Weft.Model.Labels;

namespace Weft.Lab.Pods;

/// <summary>Makes the pods of one node be as the topology says, through the node's agent.</summary>
public sealed class PodAttacher : IDisposable
{
    private readonly LabPaths _paths;
    private readonly AgentClient _agent;
    private readonly NodeSpec _node;

    public PodAttacher(LabPaths paths, NodeSpec node)
    {
        _paths = paths;
        _agent = new AgentClient(paths.Socket(node.Name));
        _node = node;
    }

    /// <summary>Endpoints of the node that stand for the lab's pods, by pod name; not those that a container runtime or a user made.</summary>
    public async Task<IReadOnlyDictionary<string, EndpointResource>> ListAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<EndpointResource> endpoints = await _agent.GetEndpointsAsync(cancellationToken);
        return endpoints.Where(endpoint => PodNameOf(endpoint) is { } pod && ContainerIdOf(endpoint) == LabNames.NetnsOf(_paths.Lab, pod))
            .ToDictionary(endpoint => PodNameOf(endpoint)!, StringComparer.Ordinal);
    }

    /// <summary>Makes the namespace and has the agent wire it; leaves neither behind on failure.</summary>
    public async Task<EndpointResource> AttachAsync(PodSpec pod, CancellationToken cancellationToken)
    {
        PodSandbox sandbox = new(_paths.Lab, pod.Name);
        Remove(sandbox);
        sandbox.Create(_node.HasIPv6);
        try
        {
            if (_node.Runtime != RuntimeKind.None)
            {
                Machine.ShowNamespace(sandbox.Netns);
            }

            return await _agent.CreateEndpointAsync(RequestOf(pod, sandbox), cancellationToken);
        }
        catch (AgentApiException exception)
        {
            Remove(sandbox);
            throw new LabException($"create pod {pod.Name} on node {_node.Name}: {exception.Message}", exception);
        }
        catch
        {
            Remove(sandbox);
            throw;
        }
    }

    /// <summary>Has the agent forget the pod, ends what runs in it and removes its namespace.</summary>
    public async Task DetachAsync(string pod, EndpointResource endpoint, CancellationToken cancellationToken)
    {
        await _agent.DeleteEndpointAsync(endpoint.Id.ToString(CultureInfo.InvariantCulture), cancellationToken);
        PodSandbox sandbox = new(_paths.Lab, pod);
        NamespaceProcesses.End([sandbox.Netns], []);
        Remove(sandbox);
    }

    /// <summary>Whether the endpoint is the pod, so that nothing need be done.</summary>
    public static bool Fits(PodSpec pod, EndpointResource endpoint)
    {
        EndpointStatus? status = endpoint.Status;
        AddressPair? addresses = AddressesOf(endpoint);
        IEnumerable<string> labels = status?.Identity?.Labels ?? [];
        return status?.State == EndpointState.Ready
            && (pod.Address is null || pod.Address.ToString() == addresses?.Ipv4)
            && (pod.Address6 is null || pod.Address6.ToString() == addresses?.Ipv6)
            && LabelSet.TryParse(labels, out LabelSet? set, out _) && set.Equals(pod.Labels)
            && PortsOf(status).Equals(pod.Ports ?? NamedPorts.None);
    }

    private static NamedPorts PortsOf(EndpointStatus status)
    {
        string text = string.Join(',', (status.NamedPorts ?? []).Select(port => $"{port.Name}={port.Port.ToString(CultureInfo.InvariantCulture)}/{port.Protocol}"));
        return NamedPorts.TryParse(text, out NamedPorts? ports, out _) ? ports : NamedPorts.None;
    }

    /// <returns>Null if the agent knows none.</returns>
    public static AddressPair? AddressesOf(EndpointResource endpoint) =>
        endpoint.Status?.Networking?.Addressing is [AddressPair first, ..] ? first : null;

    public void Dispose() => _agent.Dispose();

    private NodeMachine Machine => new(_paths, _node.Name);

    private void Remove(PodSandbox sandbox)
    {
        if (_node.Runtime != RuntimeKind.None)
        {
            Machine.HideNamespace(sandbox.Netns);
        }

        sandbox.Remove();
    }

    private static string? ContainerIdOf(EndpointResource endpoint) => endpoint.Status?.ExternalIdentifiers?.ContainerId;

    private static string? PodNameOf(EndpointResource endpoint) => endpoint.Status?.ExternalIdentifiers?.K8sPodName;

    private static EndpointChangeRequest RequestOf(PodSpec pod, PodSandbox sandbox) => new()
    {
        ContainerId = sandbox.Netns,
        ContainerName = pod.Name,
        K8sNamespace = pod.Namespace,
        K8sPodName = pod.Name,
        Labels = [.. pod.Labels.Select(label => label.ToString())],
        Addressing = pod is { Address: null, Address6: null }
            ? null
            : new AddressPair { Ipv4 = pod.Address?.ToString(), Ipv6 = pod.Address6?.ToString() },
        NamedPorts = pod.Ports?.ToString(),
        Netns = sandbox.Path,
        SyncBuildEndpoint = true,
    };
}
