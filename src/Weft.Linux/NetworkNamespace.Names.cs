using Weft.Linux.Interop;

namespace Weft.Linux;

/// <summary>Creation and deletion, compatible with <c>ip netns</c>.</summary>
public sealed partial class NetworkNamespace
{
    /// <summary>Where named namespaces are bound.</summary>
    public const string Directory = "/run/netns";

    /// <summary>Makes a namespace that lives until this object and everything inside it are gone.</summary>
    public static NetworkNamespace CreateAnonymous() => DedicatedThread.Run("netns-create", () =>
    {
        Unshare("create network namespace");
        return OpenCurrent();
    });

    /// <summary>Makes a namespace and binds it at a path, or at a name below <c>/run/netns</c>, as <c>ip netns add</c> does.</summary>
    /// <remarks>Nothing is left behind on failure. The loopback device is down, as in every new namespace.</remarks>
    public static NetworkNamespace Create(string nameOrPath)
    {
        string path = PathOf(nameOrPath);
        string attempt = $"create network namespace {path}";
        if (IsInDefaultDirectory(path))
        {
            ShareDefaultDirectory();
        }

        int created = LibC.Open(path, LibC.O_RDONLY | LibC.O_CREAT | LibC.O_EXCL | LibC.O_CLOEXEC, 0);
        FileDescriptor.OwnResult(created, attempt).Dispose();
        try
        {
            return DedicatedThread.Run("netns-create", () => CreateBound(path, attempt));
        }
        catch
        {
            Delete(path);
            throw;
        }
    }

    public static bool Exists(string nameOrPath)
    {
        string path = PathOf(nameOrPath);
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            Open(path).Dispose();
            return true;
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    /// <summary>Unbinds and removes the path. The kernel ends the namespace when its last process and descriptor are gone too.</summary>
    /// <returns>False if there was nothing at the path.</returns>
    public static bool Delete(string nameOrPath)
    {
        string path = PathOf(nameOrPath);
        // EINVAL: a file that is no mount point (a creation that died half-way); it still has to go.
        if (LibC.Umount2(path, LibC.MNT_DETACH) != 0 && LinuxException.LastError is not (Errno.EINVAL or Errno.ENOENT))
        {
            throw LinuxException.FromLastError($"unmount network namespace {path}");
        }

        if (LibC.Unlink(path) == 0)
        {
            return true;
        }

        return LinuxException.LastError == Errno.ENOENT
            ? false
            : throw LinuxException.FromLastError($"remove network namespace {path}");
    }

    private static string PathOf(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        if (nameOrPath.StartsWith('/'))
        {
            return nameOrPath;
        }

        if (nameOrPath.Contains('/') || nameOrPath is "." or "..")
        {
            throw new ArgumentException(
                $"name of a network namespace '{nameOrPath}': neither a plain name nor an absolute path", nameof(nameOrPath));
        }

        return $"{Directory}/{nameOrPath}";
    }

    private static bool IsInDefaultDirectory(string path) =>
        System.IO.Path.GetDirectoryName(path) is Directory or "/var/run/netns";

    private static NetworkNamespace CreateBound(string path, string attempt)
    {
        Unshare(attempt);
        // thread-self: the new namespace belongs to this thread, not to the process.
        if (LibC.Mount("/proc/thread-self/ns/net", path, "none", LibC.MS_BIND, null) != 0)
        {
            throw LinuxException.FromLastError($"{attempt}: bind it there");
        }

        return Open(path);
    }

    private static void Unshare(string attempt)
    {
        if (LibC.Unshare(LibC.CLONE_NEWNET) != 0)
        {
            throw LinuxException.FromLastError(attempt, LinuxException.LastError == Errno.EPERM ? "run as root" : null);
        }
    }

    /// <summary>Makes /run/netns a shared mount, so that names bound or removed here appear so in every other mount namespace.</summary>
    private static void ShareDefaultDirectory()
    {
        const string attempt = $"make {Directory} a shared mount";
        const string advice = "run as root";
        if (LibC.Mkdir(Directory, Convert.ToUInt32("755", 8)) != 0 && LinuxException.LastError != Errno.EEXIST)
        {
            throw LinuxException.FromLastError(attempt, advice);
        }

        // The same lock as iproute2 takes: two creators at once would stack two bind mounts.
        using FileLock guard = FileLock.Acquire(Directory);
        if (LibC.Mount("", Directory, "none", LibC.MS_SHARED | LibC.MS_REC, null) == 0)
        {
            return;
        }

        // EINVAL: not a mount point yet.
        if (LinuxException.LastError != Errno.EINVAL
            || LibC.Mount(Directory, Directory, "none", LibC.MS_BIND | LibC.MS_REC, null) != 0
            || LibC.Mount("", Directory, "none", LibC.MS_SHARED | LibC.MS_REC, null) != 0)
        {
            throw LinuxException.FromLastError(attempt, advice);
        }
    }
}
