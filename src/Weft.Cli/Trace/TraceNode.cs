using Weft.Api;
using Weft.Api.Cluster;
using Weft.Api.Endpoints;
using Weft.Api.Services;

namespace Weft.Cli.Trace;

/// <summary>A node that a trace asks: its agent, and what that knows.</summary>
internal sealed class TraceNode(string name, AgentClient agent) : IDisposable
{
    public string Name { get; private set; } = name;

    public AgentClient Agent => agent;

    public IReadOnlyList<EndpointResource> Endpoints { get; private set; } = [];

    public IReadOnlyList<NodeElement> Nodes { get; private set; } = [];

    public IReadOnlyList<ServiceResource> Services { get; private set; } = [];

    /// <summary>Why the agent does not answer; null: it does.</summary>
    public string? Fault { get; set; }

    public async Task LearnAsync(CancellationToken cancellationToken)
    {
        try
        {
            ClusterNodeStatus cluster = await agent.GetNodesAsync(cancellationToken);
            Nodes = [.. cluster.NodesAdded];
            Name = cluster.Self is { Length: > 0 } self ? self : Name;
            Endpoints = await agent.GetEndpointsAsync(cancellationToken);
            Services = await agent.GetServicesAsync(cancellationToken);
        }
        catch (Exception error) when (error is AgentUnreachableException or AgentApiException or InvalidDataException)
        {
            Fault = error.Message;
        }
    }

    public void Dispose() => agent.Dispose();
}
