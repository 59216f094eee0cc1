using System.Net;
using Weft.Linux;
using Weft.Model.Addressing;
using Weft.Netlink;
using Weft.Netlink.Routes;

namespace Weft.Datapath.Devices;

/// <summary>The node's routes to pods, its own and the other nodes', all by <see cref="HostDevices.Host"/>.</summary>
/// <remarks>
/// They are known by their protocol number; routes of others are never touched. An IPv4 route names the router as its gateway, so
/// that there is one neighbour entry for all pods. The kernel refuses that for IPv6 ("Gateway can not be a local address").
/// </remarks>
public sealed class HostRoutes(RtNetlink netlink)
{
    /// <summary>The label of our routes (<c>proto 87</c>), not given to anybody in the kernel's rtnetlink.h or in iproute2.</summary>
    public const RouteProtocol Protocol = (RouteProtocol)87;

    /// <summary>Brings the routes to what is wanted, and touches none that is as it should be.</summary>
    /// <param name="device">Index of <see cref="HostDevices.Host"/>.</param>
    /// <param name="wanted">One for each destination.</param>
    /// <param name="keepOthers">Leave routes of ours that are not wanted.</param>
    /// <returns>What could not be done, for a message; the other routes are as they should be.</returns>
    public IReadOnlyList<string> Apply(IfIndex device, IReadOnlyCollection<HostRoute> wanted, bool keepOthers)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        List<string> failures = [];
        Dictionary<IPNetwork, Route> there = [];
        foreach (Route route in List())
        {
            there.TryAdd(route.Destination, route);
        }

        foreach (HostRoute route in wanted)
        {
            Try(failures, () => Ensure(RouteOf(device, route), there.GetValueOrDefault(route.Destination)));
        }

        foreach (Route stale in there.Values.Where(route => !keepOthers && wanted.All(kept => kept.Destination != route.Destination)))
        {
            Try(failures, () => netlink.Routes.Delete(stale));
        }

        return failures;
    }

    /// <summary>Those that are there.</summary>
    public IReadOnlyList<Route> List() => netlink.Routes.List(new RouteFilter { Protocol = Protocol, Table = RouteTableId.Main });

    // Never replaces what is not ours: where another route has the destination, adding fails and says so.
    private void Ensure(Route wanted, Route? found)
    {
        if (found is null)
        {
            netlink.Routes.Add(wanted);
        }
        else if (!IsSame(wanted, found))
        {
            netlink.Routes.Replace(wanted);
        }
    }

    private static bool IsSame(Route wanted, Route found) =>
        wanted.Device == found.Device && Equals(wanted.Gateway, found.Gateway)
        && Equals(wanted.PreferredSource, found.PreferredSource) && wanted.Mtu == found.Mtu;

    private static Route RouteOf(IfIndex device, HostRoute route) => new()
    {
        Destination = route.Destination,
        Gateway = route.Router.IsIPv6() ? null : route.Router,
        Device = device,
        PreferredSource = route.Router,
        Mtu = (uint)route.Mtu,
        Protocol = Protocol,
    };

    private static void Try(List<string> failures, Action action)
    {
        try
        {
            action();
        }
        catch (LinuxException error)
        {
            failures.Add(error.Message);
        }
    }
}
