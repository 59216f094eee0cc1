using Weft.Linux.Interop;

namespace Weft.Linux.Cgroups;

/// <summary>Views of the cgroup hierarchies in which another group is the root.</summary>
public static class CgroupNamespace
{
    /// <summary>Moves the calling thread for good, and with it the programs that it starts: only for threads that end soon after.</summary>
    /// <param name="path">A file that such a namespace is bound to.</param>
    public static void Enter(string path)
    {
        using FileDescriptor file = FileDescriptor.Open(path);
        if (LibC.SetNs(file, LibC.CLONE_NEWCGROUP) != 0)
        {
            throw LinuxException.FromLastError($"enter cgroup namespace {path}");
        }
    }
}
