// include/uapi/linux/rtnetlink.h: RT_SCOPE_*
namespace Weft.Netlink.Routes;

/// <summary>How far away a destination or an address is valid.</summary>
public enum RouteScope : byte
{
    Universe = 0,
    Site = 200,
    Link = 253,
    Host = 254,
    Nowhere = 255,
}
