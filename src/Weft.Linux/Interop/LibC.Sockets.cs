using System.Runtime.InteropServices;

namespace Weft.Linux.Interop;

internal static partial class LibC
{
    // include/linux/socket.h, include/linux/net.h
    public const int AF_UNIX = 1;
    public const int AF_INET6 = 10;
    public const int SOCK_DGRAM = 2;
    public const int SOCK_CLOEXEC = 0x80000;

    // include/uapi/asm-generic/socket.h
    public const int SOL_SOCKET = 1;

    // include/uapi/linux/in6.h
    public const int IPPROTO_IPV6 = 41;
    public const int IPPROTO_ICMPV6 = 58;
    public const int IPV6_RECVHOPLIMIT = 51;
    public const int IPV6_HOPLIMIT = 52;

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int domain, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "socketpair", SetLastError = true)]
    public static partial int SocketPair(int domain, int type, int protocol, Span<int> pair);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(FileDescriptor fd, ReadOnlySpan<byte> address, uint length);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(FileDescriptor fd, ReadOnlySpan<byte> address, uint length);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSockOpt(FileDescriptor fd, int level, int name, ReadOnlySpan<byte> value, uint length);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetSockOpt(FileDescriptor fd, int level, int name, out ulong value, ref uint length);

    /// <summary>Returns the number of bytes taken.</summary>
    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(FileDescriptor fd, ReadOnlySpan<byte> buffer, nuint length, int flags);

    /// <summary>Returns the length of the message; with MSG_TRUNC its whole length, even where the buffer was shorter.</summary>
    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(FileDescriptor fd, Span<byte> buffer, nuint length, int flags);
}
