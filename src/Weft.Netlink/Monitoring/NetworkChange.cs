using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Netlink.Neighbours;
using Weft.Netlink.Routes;

namespace Weft.Netlink.Monitoring;

/// <summary>Something that changed in a network namespace, in the order in which the kernel changed it.</summary>
public abstract record NetworkChange
{
    private NetworkChange()
    {
    }

    /// <summary>A device is new or has changed; the kernel does not say which.</summary>
    public sealed record LinkSet(Link Link) : NetworkChange;

    public sealed record LinkRemoved(Link Link) : NetworkChange;

    public sealed record AddressSet(InterfaceAddress Address) : NetworkChange;

    public sealed record AddressRemoved(InterfaceAddress Address) : NetworkChange;

    public sealed record RouteSet(Route Route) : NetworkChange;

    public sealed record RouteRemoved(Route Route) : NetworkChange;

    public sealed record NeighbourSet(Neighbour Neighbour) : NetworkChange;

    public sealed record NeighbourRemoved(Neighbour Neighbour) : NetworkChange;

    public sealed record ForwardingEntrySet(ForwardingEntry Entry) : NetworkChange;

    public sealed record ForwardingEntryRemoved(ForwardingEntry Entry) : NetworkChange;

    /// <summary>Changes came faster than they were read and some are lost: list everything again.</summary>
    public sealed record Overrun : NetworkChange;
}
