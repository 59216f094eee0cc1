// include/uapi/linux/if.h
namespace Weft.Netlink.Links;

/// <summary>Flags of a device: the ones set by an administrator and the ones that the kernel reports.</summary>
[Flags]
public enum LinkFlags : uint
{
    None = 0,
    IFF_UP = 1 << 0,
    IFF_BROADCAST = 1 << 1,
    IFF_LOOPBACK = 1 << 3,
    IFF_POINTOPOINT = 1 << 4,
    IFF_RUNNING = 1 << 6,
    IFF_NOARP = 1 << 7,
    IFF_PROMISC = 1 << 8,
    IFF_ALLMULTI = 1 << 9,
    IFF_MASTER = 1 << 10,
    IFF_SLAVE = 1 << 11,
    IFF_MULTICAST = 1 << 12,

    /// <summary>Carrier is there.</summary>
    IFF_LOWER_UP = 1 << 16,
}
