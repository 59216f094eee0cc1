// include/uapi/linux/if.h: IF_OPER_*
namespace Weft.Netlink.Links;

/// <summary>Operational state of a device (RFC 2863). Virtual devices mostly stay at <see cref="Unknown"/>.</summary>
public enum OperState : byte
{
    Unknown = 0,
    NotPresent = 1,
    Down = 2,
    LowerLayerDown = 3,
    Testing = 4,
    Dormant = 5,
    Up = 6,
}
