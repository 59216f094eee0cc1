using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Weft.Linux.Interop;

namespace Weft.Linux;

/// <summary>Owns one open file descriptor and closes it exactly once.</summary>
public sealed class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    private FileDescriptor(int fd)
        : base(ownsHandle: true) => SetHandle(fd);

    /// <summary>The number itself, for APIs that take it in a message; valid only while this object is alive and not disposed.</summary>
    public int Number
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (int)handle;
        }
    }

    /// <summary>Takes ownership of a descriptor that another library returned.</summary>
    public static FileDescriptor Own(int fd)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fd);
        return new FileDescriptor(fd);
    }

    /// <summary>Opens a file or directory for reading, for calls that take a descriptor.</summary>
    public static FileDescriptor Open(string path)
    {
        string attempt = $"open {path}";
        return OwnResult(LibC.Open(path, LibC.O_RDONLY | LibC.O_CLOEXEC, 0), attempt);
    }

    /// <summary>Wraps the result of a call that returns -1 and sets errno on failure.</summary>
    internal static FileDescriptor OwnResult(int result, string attempt, string? advice = null) =>
        result >= 0 ? new FileDescriptor(result) : throw LinuxException.FromLastError(attempt, advice);

    public FileDescriptor Duplicate() =>
        OwnResult(
            LibC.FcntlInt(this, LibC.F_DUPFD_CLOEXEC, 0),
            string.Create(CultureInfo.InvariantCulture, $"duplicate descriptor {Number}"));

    protected override bool ReleaseHandle() => LibC.Close((int)handle) == 0;
}
