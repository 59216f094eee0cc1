using System.Globalization;

namespace Weft.Netlink.Routes;

/// <summary>Number of a routing table.</summary>
public readonly record struct RouteTableId(uint Value)
{
    public static readonly RouteTableId Default = new(253);
    public static readonly RouteTableId Main = new(254);
    public static readonly RouteTableId Local = new(255);

    public override string ToString() => this == Main ? "main"
        : this == Local ? "local"
        : this == Default ? "default"
        : Value.ToString(CultureInfo.InvariantCulture);
}
