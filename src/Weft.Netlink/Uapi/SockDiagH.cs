// include/uapi/linux/sock_diag.h
namespace Weft.Netlink.Uapi;

internal static class SockDiagH
{
    public const ushort SOCK_DIAG_BY_FAMILY = 20;
    public const ushort SOCK_DESTROY = 21;
}
