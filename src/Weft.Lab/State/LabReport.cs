using System.Collections.Immutable;

namespace Weft.Lab.State;

/// <summary>A lab as it is right now.</summary>
/// <param name="Etcd">Null: the lab is not on etcd.</param>
public sealed record LabReport(string Name, LabPhase Phase, ImmutableArray<NodeReport> Nodes, ImmutableArray<OutsideReport> Outside,
    EtcdReport? Etcd = null)
{
    /// <summary>The store runs, every agent answers, every pod is ready and every outside host is there.</summary>
    public bool IsHealthy => Phase == LabPhase.Up && (Etcd is null || Etcd.Pid is not null) && Outside.All(host => host.Exists)
        && Nodes.All(node => node.Problem is null && node.Pods.All(pod => pod.State == Weft.Api.Endpoints.EndpointState.Ready));
}
