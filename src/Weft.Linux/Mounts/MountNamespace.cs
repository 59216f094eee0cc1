using Weft.Linux.Interop;

namespace Weft.Linux.Mounts;

/// <summary>Mount namespaces of single threads and of the programs that they start.</summary>
public static class MountNamespace
{
    /// <summary>
    /// Runs a function on a thread of its own in a new mount namespace and in a network namespace, and waits for it. What it mounts
    /// is seen by it and by programs that it starts; what others mount from now on on shared mounts is seen there too.
    /// </summary>
    public static T RunPrivate<T>(NetworkNamespace network, Func<T> body) => RunPrivate(network, [], _ => body());

    /// <summary>
    /// As the other, with trees of mounts that stay shared: what is mounted in them later is seen wherever they are, both ways, if they are
    /// shared mounts.
    /// </summary>
    /// <param name="shared">Directories; the function gets a tree for each, to attach where it wants them.</param>
    public static T RunPrivate<T>(NetworkNamespace network, IReadOnlyList<string> shared, Func<IReadOnlyList<MountTree>, T> body) => DedicatedThread.Run("mntns", () =>
    {
        if (LibC.Unshare(LibC.CLONE_NEWNS) != 0)
        {
            throw LinuxException.FromLastError("make a mount namespace", LinuxException.LastError == Errno.EPERM ? "run as root" : null);
        }

        List<MountTree> trees = [.. shared.Select(MountTree.Clone)];
        try
        {
            if (LibC.Mount("none", "/", "none", LibC.MS_SLAVE | LibC.MS_REC, null) != 0)
            {
                throw LinuxException.FromLastError("keep mounts of a new mount namespace to itself");
            }

            network.EnterOnThisThread();
            return body(trees);
        }
        finally
        {
            trees.ForEach(tree => tree.Dispose());
        }
    });
}
