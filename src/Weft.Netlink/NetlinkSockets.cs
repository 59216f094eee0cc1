using System.Runtime.InteropServices;
using Weft.Linux;
using Weft.Netlink.Uapi;

namespace Weft.Netlink;

/// <summary>Opens and binds AF_NETLINK sockets with the options that this library relies on.</summary>
internal static class NetlinkSockets
{
    public static RawSocket Open(int protocol, NetworkNamespace? networkNamespace) =>
        networkNamespace is null ? OpenHere(protocol) : networkNamespace.Run(() => OpenHere(protocol));

    private static RawSocket OpenHere(int protocol)
    {
        string name = protocol == NetlinkH.NETLINK_ROUTE ? "rtnetlink socket" : $"netlink socket of protocol {protocol}";
        RawSocket socket = RawSocket.Open(SocketH.AF_NETLINK, SocketH.SOCK_RAW, protocol, name);
        try
        {
            Span<byte> kernel = stackalloc byte[Marshal.SizeOf<SockAddrNl>()];
            SockAddrNl address = new() { Family = SocketH.AF_NETLINK };
            MemoryMarshal.Write(kernel, in address);
            Require(socket.Bind(kernel), $"bind {name}");
            // Connected to port 0, the kernel's, the socket takes no message from another process.
            Require(socket.Connect(kernel), $"connect {name} to the kernel");
            Require(socket.SetOption(NetlinkH.SOL_NETLINK, NetlinkH.NETLINK_EXT_ACK, 1), $"set NETLINK_EXT_ACK on {name}");
            // 4.20 and newer. Without it an old kernel filters less, and answers are filtered here as well.
            _ = socket.SetOption(NetlinkH.SOL_NETLINK, NetlinkH.NETLINK_GET_STRICT_CHK, 1);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Require(Errno errno, string attempt)
    {
        if (errno != Errno.None)
        {
            throw new LinuxException(attempt, errno);
        }
    }
}
