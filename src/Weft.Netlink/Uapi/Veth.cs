// include/uapi/linux/veth.h
namespace Weft.Netlink.Uapi;

internal static class Veth
{
    public const ushort VETH_INFO_PEER = 1;
}
