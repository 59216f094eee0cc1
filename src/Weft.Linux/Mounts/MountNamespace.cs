using Weft.Linux.Interop;

namespace Weft.Linux.Mounts;

/// <summary>Mount namespaces of single threads and of the programs that they start.</summary>
public static class MountNamespace
{
    /// <summary>
    /// Runs a function on a thread of its own in a new mount namespace and in a network namespace, and waits for it. What it mounts
    /// is seen by it and by programs that it starts; what others mount from now on on shared mounts is seen there too.
    /// </summary>
    public static T RunPrivate<T>(NetworkNamespace network, Func<T> body) => DedicatedThread.Run("mntns", () =>
    {
        if (LibC.Unshare(LibC.CLONE_NEWNS) != 0)
        {
            throw LinuxException.FromLastError("make a mount namespace", LinuxException.LastError == Errno.EPERM ? "run as root" : null);
        }

        if (LibC.Mount("none", "/", "none", LibC.MS_SLAVE | LibC.MS_REC, null) != 0)
        {
            throw LinuxException.FromLastError("keep mounts of a new mount namespace to itself");
        }

        network.EnterOnThisThread();
        return body();
    });
}
