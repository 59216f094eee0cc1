using Weft.Linux.Interop;

namespace Weft.Linux;

/// <summary>Directories that nobody but this process's user can change, so that what lies there was put there by a program of ours.</summary>
public static class PrivateDirectory
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int FileType = 0xf000;
    private const int DirectoryType = 0x4000;
    private const int WritableByOthers = 0x12; // group and others

    /// <summary>Makes the directory where it is missing, for its owner only.</summary>
    /// <exception cref="LinuxException">There is something else at that path, or others may write to it.</exception>
    public static void Ensure(string path)
    {
        Directory.CreateDirectory(path, Owner);
        if (!Exists(path))
        {
            throw new LinuxException($"make directory {path}", Errno.ENOENT, "somebody removed it");
        }
    }

    /// <returns>False if there is nothing at that path.</returns>
    /// <exception cref="LinuxException">There is something else at that path, or others may write to it.</exception>
    public static bool Exists(string path)
    {
        string attempt = $"use directory {path}";
        const uint wanted = LibC.STATX_TYPE | LibC.STATX_MODE | LibC.STATX_UID;
        if (LibC.StatX(LibC.AT_FDCWD, path, LibC.AT_SYMLINK_NOFOLLOW, wanted, out LibC.StatXBuffer status) != 0)
        {
            return LinuxException.LastError is Errno.ENOENT or Errno.ENOTDIR ? false : throw LinuxException.FromLastError(attempt);
        }

        string? problem = (status.Mode & FileType) != DirectoryType ? "it is no directory"
            : status.UserId != LibC.GetEffectiveUserId() ? $"it belongs to user {status.UserId}"
            : (status.Mode & WritableByOthers) != 0 ? "others may write to it"
            : null;
        return problem is null ? true : throw new LinuxException(attempt, Errno.EPERM, $"{problem} (remove it)");
    }
}
