using Weft.Netlink.Addresses;
using Weft.Netlink.Links;
using Weft.Netlink.Neighbours;
using Weft.Netlink.Routes;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Monitoring;

/// <summary>Reads a datagram of multicast messages.</summary>
internal static class NetworkChangeParser
{
    /// <summary>
    /// Appends the changes of a datagram. An empty or cut one is an <see cref="NetworkChange.Overrun"/>: something is missing.
    /// </summary>
    public static void Parse(ReadOnlySpan<byte> datagram, List<NetworkChange> changes)
    {
        NetlinkMessages messages = new(datagram);
        while (messages.TryRead(out NetlinkMessage message))
        {
            if (Parse(message) is { } change)
            {
                changes.Add(change);
            }
        }

        if (datagram.IsEmpty || messages.IsMalformed)
        {
            changes.Add(new NetworkChange.Overrun());
        }
    }

    private static NetworkChange? Parse(NetlinkMessage message) => message.Type switch
    {
        NetlinkH.NLMSG_OVERRUN => new NetworkChange.Overrun(),
        RtNetlinkH.RTM_NEWLINK => LinkParser.TryParse(message, out Link link) ? new NetworkChange.LinkSet(link) : null,
        RtNetlinkH.RTM_DELLINK => LinkParser.TryParse(message, out Link link) ? new NetworkChange.LinkRemoved(link) : null,
        RtNetlinkH.RTM_NEWADDR =>
            AddressParser.TryParse(message, out InterfaceAddress address) ? new NetworkChange.AddressSet(address) : null,
        RtNetlinkH.RTM_DELADDR =>
            AddressParser.TryParse(message, out InterfaceAddress address) ? new NetworkChange.AddressRemoved(address) : null,
        RtNetlinkH.RTM_NEWROUTE => RouteParser.TryParse(message, out Route route) ? new NetworkChange.RouteSet(route) : null,
        RtNetlinkH.RTM_DELROUTE => RouteParser.TryParse(message, out Route route) ? new NetworkChange.RouteRemoved(route) : null,
        RtNetlinkH.RTM_NEWNEIGH => ParseNeighbour(message, removed: false),
        RtNetlinkH.RTM_DELNEIGH => ParseNeighbour(message, removed: true),
        _ => null,
    };

    private static NetworkChange? ParseNeighbour(NetlinkMessage message, bool removed)
    {
        if (NeighbourParser.TryParse(message, out Neighbour neighbour))
        {
            return removed ? new NetworkChange.NeighbourRemoved(neighbour) : new NetworkChange.NeighbourSet(neighbour);
        }

        if (NeighbourParser.TryParse(message, out ForwardingEntry entry))
        {
            return removed ? new NetworkChange.ForwardingEntryRemoved(entry) : new NetworkChange.ForwardingEntrySet(entry);
        }

        return null;
    }
}
