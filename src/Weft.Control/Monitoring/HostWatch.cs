using Weft.Datapath.Devices;
using Weft.Linux;
using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Netlink.Monitoring;
using Weft.Netlink.Routes;

namespace Weft.Control.Monitoring;

/// <summary>Notices when somebody takes away what connects this node's stack with its pods: a route, an address, a device that is up.</summary>
public sealed class HostWatch(HostPair pair) : IDisposable
{
    private readonly NetworkMonitor _monitor =
        NetworkMonitor.Open(MonitoredGroups.Links | MonitoredGroups.Addresses | MonitoredGroups.Routes);

    /// <summary>Raised on the watch's thread.</summary>
    public event Action? Disturbed;

    /// <summary>Follows the kernel until cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        await foreach (NetworkChange change in _monitor.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (IsDisturbance(change))
            {
                Disturbed?.Invoke();
            }
        }
    }

    public void Dispose() => _monitor.Dispose();

    // The kernel tells nothing of the IPv4 routes that it drops with a device that goes down, only of the device.
    private bool IsDisturbance(NetworkChange change) => change switch
    {
        NetworkChange.RouteRemoved { Route: Route route } => route.Protocol == HostRoutes.Protocol,
        NetworkChange.AddressRemoved { Address: InterfaceAddress address } => address.Device == pair.Host,
        NetworkChange.LinkSet { Link: Link link } => IsOurs(link.Index) && !link.IsUp,
        NetworkChange.LinkRemoved { Link: Link link } => IsOurs(link.Index),
        NetworkChange.Overrun => true,
        _ => false,
    };

    private bool IsOurs(IfIndex index) => index == pair.Host || index == pair.Net;
}
