using System.Collections.Immutable;
using Weft.Api.Health;
using Weft.Control.Health;
using Weft.Control.Node;

namespace Weft.Agent.Presenting;

/// <summary>The results of the health probes as the API shows them.</summary>
internal sealed class HealthPresenter(NodeAgent agent)
{
    public HealthStatusResponse Show(HealthReport report) => new()
    {
        Local = new SelfStatus { Name = ClusterPresenter.NameOf(agent.Local.Cluster, agent.Local.Name) },
        Nodes = [.. report.Nodes.Select(Show)],
        ProbeInterval = GoDuration.Text(report.Interval),
        Timestamp = report.Time ?? default,
    };

    private NodeHealthStatus Show(NodeHealth node) => new()
    {
        Name = ClusterPresenter.NameOf(agent.Local.Cluster, node.Name),
        Host = Show(node.Host),
        HealthEndpoint = Show(node.Endpoint),
    };

    private static AddressesHealth? Show(ImmutableArray<PathHealth> paths) => paths.IsEmpty ? null : new()
    {
        PrimaryAddress = Show(paths[0]),
        SecondaryAddresses = paths.Length == 1 ? null : [.. paths.Skip(1).Select(Show)],
    };

    private static PathStatus Show(PathHealth path) => new()
    {
        Ip = path.Address.ToString(),
        Icmp = Show(path.Icmp),
        Http = Show(path.Http),
    };

    private static ConnectivityStatus? Show(ProbeResult? probe) => probe is null ? null : new()
    {
        LastProbed = probe.Time,
        Latency = (long)probe.Latency.TotalNanoseconds,
        Status = probe.Error ?? "",
    };
}
