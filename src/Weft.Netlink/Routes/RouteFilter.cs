using Weft.Linux;

namespace Weft.Netlink.Routes;

/// <summary>Which routes to list. Null is any.</summary>
public sealed record RouteFilter
{
    public RouteTableId? Table { get; init; }

    public IfIndex? Device { get; init; }

    public RouteProtocol? Protocol { get; init; }

    internal bool Matches(Route route) =>
        (Table is null || Table == route.Table)
        && (Device is null || Device == route.Device)
        && (Protocol is null || Protocol == route.Protocol);
}
