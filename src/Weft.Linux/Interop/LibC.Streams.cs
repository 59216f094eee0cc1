using System.Runtime.InteropServices;

namespace Weft.Linux.Interop;

internal static partial class LibC
{
    // include/uapi/asm-generic/poll.h
    public const short POLLOUT = 4;

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, ReadOnlySpan<byte> buffer, nuint count);
}
