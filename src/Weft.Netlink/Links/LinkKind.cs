namespace Weft.Netlink.Links;

/// <summary>Names of the drivers that this library makes devices of (IFLA_INFO_KIND).</summary>
internal static class LinkKind
{
    public const string Veth = "veth";
    public const string Vxlan = "vxlan";
    public const string Bridge = "bridge";
}
