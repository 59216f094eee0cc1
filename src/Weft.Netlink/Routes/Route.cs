using System.Net;
using Weft.Linux;

namespace Weft.Netlink.Routes;

/// <summary>One entry of a routing table, to be added or as the kernel reports it.</summary>
/// <remarks>Of a route over several next hops only the destination is read: this library makes none.</remarks>
public sealed record Route
{
    /// <summary><c>0.0.0.0/0</c> or <c>::/0</c> is the default route. Bits beyond the prefix have to be zero.</summary>
    public required IPNetwork Destination { get; init; }

    public IPAddress? Gateway { get; init; }

    /// <summary>Device that packets leave by.</summary>
    public IfIndex Device { get; init; }

    /// <summary>Take the gateway to be reachable on the device without a route that says so.</summary>
    public bool OnLink { get; init; }

    public IPAddress? PreferredSource { get; init; }

    public RouteTableId Table { get; init; } = RouteTableId.Main;

    /// <summary>
    /// Null: <see cref="RouteScope.Universe"/> with a gateway, <see cref="RouteScope.Link"/> without, as <c>ip route</c> does.
    /// IPv6 knows only the former.
    /// </summary>
    public RouteScope? Scope { get; init; }

    public RouteType Type { get; init; } = RouteType.Unicast;

    public RouteProtocol Protocol { get; init; } = RouteProtocol.Static;

    /// <summary>The lower wins among routes to the same destination; null is 0 for IPv4 and 1024 for IPv6.</summary>
    public uint? Priority { get; init; }

    /// <summary>Largest packet to send this way, in bytes; null is the device's.</summary>
    public uint? Mtu { get; init; }

    /// <summary>Largest TCP segment to ask the other side for, in bytes.</summary>
    public uint? AdvertisedMss { get; init; }

    public uint? HopLimit { get; init; }

    public RouteEncapsulation? Encapsulation { get; init; }

    public override string ToString()
    {
        string text = Destination.PrefixLength == 0 ? "default" : Destination.ToString();
        text = Gateway is null ? text : $"{text} via {Gateway}";
        text = Device.IsNone ? text : $"{text} dev {Device}";
        return Table == RouteTableId.Main ? text : $"{text} table {Table}";
    }
}
