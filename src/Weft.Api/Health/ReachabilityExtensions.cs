namespace Weft.Api.Health;

/// <summary>Sums up what the single probes of a node found.</summary>
public static class ReachabilityExtensions
{
    public static Reachability HostReachability(this NodeHealthStatus node) => Of(node?.Host);

    public static Reachability EndpointReachability(this NodeHealthStatus node) => Of(node?.HealthEndpoint);

    /// <summary>All addresses of the node and of its health endpoint answered both ICMP and HTTP. Not so while one is unknown.</summary>
    public static bool IsReachable(this NodeHealthStatus node) => node.HostReachability() == Reachability.Reachable
        && (node?.HealthEndpoint is null || node.EndpointReachability() == Reachability.Reachable);

    // Of nothing that was probed, nothing is known.
    private static Reachability Of(AddressesHealth? addresses)
    {
        IEnumerable<PathStatus?> paths = (addresses?.SecondaryAddresses ?? []).Prepend(addresses?.PrimaryAddress);
        return paths.SelectMany(path => new[] { path?.Icmp, path?.Http }).Max(Of);
    }

    private static Reachability Of(ConnectivityStatus? probe) =>
        probe is null ? Reachability.Unknown
        : probe.Status.Length == 0 ? Reachability.Reachable
        : Reachability.Unreachable;
}
