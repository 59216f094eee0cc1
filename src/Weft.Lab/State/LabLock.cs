using Weft.Linux;

namespace Weft.Lab.State;

/// <summary>Keeps two commands from building or removing one lab at once; the kernel gives it up when its holder dies.</summary>
public sealed class LabLock : IDisposable
{
    private readonly FileLock _lock;

    private LabLock(FileLock held) => _lock = held;

    /// <summary>Waits for whoever is at work on the lab, and makes the lab's directory if it is missing.</summary>
    /// <param name="waiting">Called once if there is somebody to wait for.</param>
    public static LabLock Acquire(LabPaths paths, Action? waiting = null)
    {
        while (true)
        {
            Directory.CreateDirectory(paths.Root);
            FileLock? held = FileLock.TryAcquire(paths.Root);
            if (held is null)
            {
                waiting?.Invoke();
                waiting = null;
                held = AcquireOrGone(paths.Root);
            }

            if (held is not null && IsStillThere(paths.Root))
            {
                return new LabLock(held);
            }

            // Its holder removed the directory: the lock is on something that nobody can find any more.
            held?.Dispose();
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileLock? AcquireOrGone(string directory)
    {
        try
        {
            return FileLock.Acquire(directory);
        }
        catch (LinuxException exception) when (exception.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.EISDIR)
        {
            return null;
        }
    }

    /// <summary>Whether the directory at the path is the one that this process has locked: then it cannot be locked again.</summary>
    private static bool IsStillThere(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return false;
        }

        using FileLock? second = FileLock.TryAcquire(directory);
        return second is null;
    }
}
