using System.Collections.Immutable;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Api.Ipam;
using Weft.Lab.Outside;
using Weft.Lab.Pods;
using Weft.Lab.Stores;
using Weft.Lab.Topology;
using Weft.Linux.Processes;

namespace Weft.Lab.State;

/// <summary>Asks a lab's agents how the lab is.</summary>
public static class LabReporter
{
    private const string Missing = "missing";

    /// <exception cref="LabException">There is no such lab.</exception>
    public static async Task<LabReport> ReadAsync(string lab, CancellationToken cancellationToken)
    {
        LabDirectory directory = new(lab);
        LabState? state = directory.ReadState();
        LabTopology? topology = directory.ReadTopology();
        if (state is null || topology is null)
        {
            IReadOnlyList<string> others = LabDirectory.List();
            string there = others.Count == 0 ? "there is none on this machine" : $"there are: {string.Join(", ", others)}";
            throw new LabException($"find lab {lab}: {there} ('weft lab up --lab {lab}' makes it)");
        }

        NodeReport[] nodes = await Task.WhenAll(topology.Nodes.Select(node => ReadNodeAsync(directory.Paths, state, topology, node, cancellationToken)));
        IEnumerable<OutsideReport> outside = topology.Outside.Select(host => new OutsideReport(
            host.Name, $"{host.Address}", host.Address6?.ToString(), new OutsideHost(lab, host).Exists, LabNames.NetnsOf(lab, host.Name)));
        EtcdReport? etcd = topology.Store != LabStoreKind.Etcd ? null : new EtcdReport(
            LabEtcd.EndpointOf(topology), state.Etcd is { IsAlive: true } process ? process.Pid : null, directory.Paths.EtcdLog);
        return new LabReport(lab, state.Phase, [.. nodes], [.. outside], etcd);
    }

    private static async Task<NodeReport> ReadNodeAsync(
        LabPaths paths, LabState state, LabTopology topology, NodeSpec node, CancellationToken cancellationToken)
    {
        bool runs = state.Agents.TryGetValue(node.Name, out ProcessIdentity agent) && agent.IsAlive;
        IReadOnlyDictionary<string, EndpointResource> endpoints = ImmutableDictionary<string, EndpointResource>.Empty;
        string? problem = null;
        try
        {
            using PodAttacher attacher = new(paths, node);
            endpoints = await attacher.ListAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is AgentUnreachableException or AgentApiException)
        {
            problem = exception.Message;
        }

        IEnumerable<PodReport> pods = topology.Pods.Where(pod => pod.Node == node.Name)
            .Select(pod => Report(paths.Lab, pod, endpoints.GetValueOrDefault(pod.Name)));
        return new NodeReport(
            node.Name, node.Address.ToString(), node.Address6?.ToString(), node.PodCidr.ToString(), node.PodCidr6?.ToString(), runs ? agent.Pid : null, problem,
            LabNames.NetnsOf(paths.Lab, node.Name), paths.Socket(node.Name), paths.AgentLog(node.Name), [.. pods]);
    }

    private static PodReport Report(string lab, PodSpec pod, EndpointResource? endpoint)
    {
        AddressPair? addresses = endpoint is null ? null : PodAttacher.AddressesOf(endpoint);
        return new PodReport(
            pod.Name,
            addresses?.Ipv4,
            addresses?.Ipv6,
            endpoint?.Id,
            endpoint?.Status?.Identity?.Id,
            endpoint?.Status?.State ?? Missing,
            [.. pod.Labels.Select(label => label.ToString())],
            LabNames.NetnsOf(lab, pod.Name));
    }
}
