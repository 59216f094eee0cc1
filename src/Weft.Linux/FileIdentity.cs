using Weft.Linux.Interop;

namespace Weft.Linux;

/// <summary>Tells one file from another, whatever their paths: a path whose identity changed was removed, or something else was put there.</summary>
public readonly record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode)
{
    /// <summary>The file that the path leads to now, through symbolic links; null where there is none.</summary>
    public static FileIdentity? Of(string path)
    {
        if (LibC.StatX(LibC.AT_FDCWD, path, flags: 0, LibC.STATX_INO, out LibC.StatXBuffer stat) != 0)
        {
            return LinuxException.LastError is Errno.ENOENT or Errno.ENOTDIR ? null : throw LinuxException.FromLastError($"stat {path}");
        }
        return new FileIdentity(stat.DeviceMajor, stat.DeviceMinor, stat.Inode);
    }
}
