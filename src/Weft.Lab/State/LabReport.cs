using System.Collections.Immutable;

namespace Weft.Lab.State;

/// <summary>A lab as it is right now.</summary>
public sealed record LabReport(string Name, LabPhase Phase, ImmutableArray<NodeReport> Nodes)
{
    /// <summary>Every agent answers and every pod is ready.</summary>
    public bool IsHealthy => Phase == LabPhase.Up
        && Nodes.All(node => node.Problem is null && node.Pods.All(pod => pod.State == Weft.Api.Endpoints.EndpointState.Ready));
}
