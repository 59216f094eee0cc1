using System.Runtime.InteropServices;

namespace Weft.Bpf.Interop;

/// <summary>libc: memory maps, poll and eventfd. -1 is failure and errno holds the reason.</summary>
internal static unsafe partial class LibC
{
    public const int PROT_READ = 1;
    public const int PROT_WRITE = 2;
    public const int MAP_SHARED = 1;
    public const short POLLIN = 1;
    public const int EFD_CLOEXEC = 0x80000;
    public const int EFD_NONBLOCK = 0x800;
    public const int F_DUPFD_CLOEXEC = 1030;
    public const nint MAP_FAILED = -1;

    private const string Library = "libc";

    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }

    /// <summary>Beginning of struct perf_event_attr (linux/perf_event.h), which the kernel takes in its first form, of 64 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public struct PerfEventAttributes
    {
        public uint Type;
        public uint Size;
        public ulong Config;
        public ulong SamplePeriod;
        public ulong SampleType;
        public ulong ReadFormat;
        public ulong Flags;
        public uint WakeUpEvents;
    }

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    public static partial nint MMap(nint address, nuint length, int protection, int flags, SafeHandle fd, long offset);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    public static partial int MUnmap(nint address, nuint length);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollFd* fds, nuint count, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeHandle fd, void* bytes, nuint count);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeHandle fd, void* bytes, nuint count);

    /// <summary>perf_event_open(2), which libc has no function for.</summary>
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial int PerfEventOpen(nint number, PerfEventAttributes* attributes, int pid, int cpu, int group, ulong flags);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int IoControl(SafeHandle fd, nuint request, nint argument);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Duplicate(int fd, int command, int lowest);

    [LibraryImport(Library, EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(string from, string to);

    [LibraryImport(Library, EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(string path);

    /// <summary>The argument list is passed on as it came: a pointer on x86-64 and arm64. Returns the length wanted.</summary>
    [LibraryImport(Library, EntryPoint = "vsnprintf")]
    public static partial int FormatV(byte* buffer, nuint size, byte* format, nint arguments);
}
