using System.Collections.Immutable;

namespace Weft.Lab.State;

/// <summary>A lab as it is right now.</summary>
public sealed record LabReport(string Name, LabPhase Phase, ImmutableArray<NodeReport> Nodes, ImmutableArray<OutsideReport> Outside)
{
    /// <summary>Every agent answers, every pod is ready and every outside host is there.</summary>
    public bool IsHealthy => Phase == LabPhase.Up && Outside.All(host => host.Exists)
        && Nodes.All(node => node.Problem is null && node.Pods.All(pod => pod.State == Weft.Api.Endpoints.EndpointState.Ready));
}
