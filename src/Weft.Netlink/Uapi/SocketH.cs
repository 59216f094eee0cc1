// include/linux/socket.h; include/uapi/asm-generic/socket.h
namespace Weft.Netlink.Uapi;

internal static class SocketH
{
    public const byte AF_UNSPEC = 0;
    public const byte AF_INET = 2;
    public const byte AF_BRIDGE = 7;
    public const byte AF_INET6 = 10;
    public const byte AF_NETLINK = 16;

    public const int SOCK_RAW = 3;

    public const int SOL_SOCKET = 1;
    public const int SO_RCVBUF = 8;
    public const int SO_RCVBUFFORCE = 33;
}
