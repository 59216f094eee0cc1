namespace Weft.Api.Health;

/// <summary>Sums the single probes up.</summary>
internal static class Reachabilities
{
    /// <summary>Of nothing that was probed, nothing is known.</summary>
    public static Reachability Of(AddressesHealth? addresses)
    {
        IEnumerable<PathStatus?> paths = (addresses?.SecondaryAddresses ?? []).Prepend(addresses?.PrimaryAddress);
        return paths.SelectMany(path => new[] { path?.Icmp, path?.Http }).Max(Of);
    }

    private static Reachability Of(ConnectivityStatus? probe) =>
        probe is null ? Reachability.Unknown
        : probe.Status.Length == 0 ? Reachability.Reachable
        : Reachability.Unreachable;
}
