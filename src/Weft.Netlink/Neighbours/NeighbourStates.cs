// include/uapi/linux/neighbour.h: NUD_*
namespace Weft.Netlink.Neighbours;

/// <summary>What the kernel believes about a neighbour.</summary>
[Flags]
public enum NeighbourStates : ushort
{
    None = 0,
    NUD_INCOMPLETE = 0x01,
    NUD_REACHABLE = 0x02,
    NUD_STALE = 0x04,
    NUD_DELAY = 0x08,
    NUD_PROBE = 0x10,
    NUD_FAILED = 0x20,

    /// <summary>The device asks nobody: loopback, IFF_NOARP, multicast. In a forwarding entry: static, but not the device's own.</summary>
    NUD_NOARP = 0x40,

    /// <summary>Never asked about, never forgotten.</summary>
    NUD_PERMANENT = 0x80,
}
