using Weft.Linux.Interop;

namespace Weft.Linux;

/// <summary>An exclusive <c>flock(2)</c> on a file or directory, given up on disposal and, by the kernel, when the process dies.</summary>
public sealed class FileLock : IDisposable
{
    private readonly FileDescriptor _fd;

    private FileLock(FileDescriptor fd) => _fd = fd;

    /// <summary>Waits for the lock on an existing directory or on a file, which is created (mode 0600) if missing.</summary>
    public static FileLock Acquire(string path) =>
        Take(path, LibC.LOCK_EX) ?? throw new LinuxException($"lock {path}", Errno.EAGAIN);

    /// <returns>Null while somebody else holds it.</returns>
    public static FileLock? TryAcquire(string path) => Take(path, LibC.LOCK_EX | LibC.LOCK_NB);

    public void Dispose() => _fd.Dispose();

    private static FileLock? Take(string path, int operation)
    {
        int flags = LibC.O_RDONLY | LibC.O_CLOEXEC | (Directory.Exists(path) ? 0 : LibC.O_CREAT);
        FileDescriptor fd = FileDescriptor.OwnResult(LibC.Open(path, flags, Convert.ToUInt32("600", 8)), $"open lock file {path}");
        while (LibC.Flock(fd, operation) != 0)
        {
            Errno errno = LinuxException.LastError;
            if (errno == Errno.EINTR)
            {
                continue;
            }

            fd.Dispose();
            return errno == Errno.EAGAIN ? null : throw new LinuxException($"lock {path}", errno);
        }

        return new FileLock(fd);
    }
}
