using System.Globalization;
using Weft.Linux.Interop;

namespace Weft.Linux.Mounts;

/// <summary>A file system that is mounted nowhere: only this process can read it, as long as this object lives.</summary>
/// <remarks>Linux 5.2. Needs CAP_SYS_ADMIN.</remarks>
public sealed class DetachedMount : IDisposable
{
    private readonly FileDescriptor _mount;

    private DetachedMount(FileDescriptor mount) => _mount = mount;

    /// <summary>Its root, for this process.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{_mount.Number}");

    /// <param name="type">As in <c>/proc/filesystems</c>: one that needs no device.</param>
    /// <exception cref="LinuxException">ENODEV: the kernel has no such file system.</exception>
    public static DetachedMount Open(string type)
    {
        using FileDescriptor context = FileDescriptor.OwnResult(LibC.FsOpen(type, LibC.FSOPEN_CLOEXEC), $"open file system {type}");
        if (LibC.FsConfig(context, LibC.FSCONFIG_CMD_CREATE, 0, 0, 0) != 0)
        {
            throw LinuxException.FromLastError($"create file system {type}");
        }

        return new DetachedMount(FileDescriptor.OwnResult(LibC.FsMount(context, LibC.FSMOUNT_CLOEXEC, 0), $"mount file system {type}"));
    }

    public void Dispose() => _mount.Dispose();
}
