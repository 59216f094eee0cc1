// include/uapi/linux/rtnetlink.h: RTPROT_*
namespace Weft.Netlink.Routes;

/// <summary>Who made a route. Only a label: it tells one's own routes from others'.</summary>
public enum RouteProtocol : byte
{
    Unspecified = 0,
    Redirect = 1,
    Kernel = 2,
    Boot = 3,
    Static = 4,
}
