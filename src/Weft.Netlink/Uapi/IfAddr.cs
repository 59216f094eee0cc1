// include/uapi/linux/if_addr.h
namespace Weft.Netlink.Uapi;

internal static class IfAddr
{
    public const ushort IFA_ADDRESS = 1;
    public const ushort IFA_LOCAL = 2;
    public const ushort IFA_LABEL = 3;
    public const ushort IFA_BROADCAST = 4;
    public const ushort IFA_CACHEINFO = 6;
    public const ushort IFA_FLAGS = 8;
    public const ushort IFA_RT_PRIORITY = 9;

    public const uint IFA_F_NODAD = 2;
    public const uint IFA_F_PERMANENT = 0x80;
}
