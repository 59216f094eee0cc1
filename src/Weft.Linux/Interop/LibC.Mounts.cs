using System.Runtime.InteropServices;

namespace Weft.Linux.Interop;

internal static partial class LibC
{
    // include/uapi/linux/mount.h
    public const nuint MS_RDONLY = 1;
    public const nuint MS_NOSUID = 2;
    public const nuint MS_NODEV = 4;
    public const nuint MS_NOEXEC = 8;
    public const nuint MS_REMOUNT = 32;
    public const nuint MS_BIND = 4096;
    public const nuint MS_REC = 16384;
    public const nuint MS_PRIVATE = 1 << 18;
    public const nuint MS_SLAVE = 1 << 19;
    public const nuint MS_SHARED = 1 << 20;

    // include/linux/fs.h
    public const int MNT_DETACH = 2;
    public const int UMOUNT_NOFOLLOW = 8;

    // include/uapi/linux/mount.h
    public const uint OPEN_TREE_CLONE = 1;
    public const uint OPEN_TREE_CLOEXEC = O_CLOEXEC;
    public const uint MOVE_MOUNT_F_EMPTY_PATH = 4;
    public const uint FSOPEN_CLOEXEC = 1;
    public const uint FSMOUNT_CLOEXEC = 1;
    public const uint FSCONFIG_CMD_CREATE = 6;

    // include/uapi/linux/fcntl.h
    public const uint AT_RECURSIVE = 0x8000;

    [LibraryImport(Library, EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Mount(string source, string target, string type, nuint flags, string? data);

    [LibraryImport(Library, EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Umount2(string target, int flags);

    /// <summary>Linux 5.2, glibc 2.36.</summary>
    [LibraryImport(Library, EntryPoint = "fsopen", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FsOpen(string type, uint flags);

    /// <summary>Linux 5.2, glibc 2.36.</summary>
    [LibraryImport(Library, EntryPoint = "fsconfig", SetLastError = true)]
    public static partial int FsConfig(FileDescriptor context, uint command, nint key, nint value, int auxiliary);

    /// <summary>Linux 5.2, glibc 2.36.</summary>
    [LibraryImport(Library, EntryPoint = "fsmount", SetLastError = true)]
    public static partial int FsMount(FileDescriptor context, uint flags, uint attributes);

    /// <summary>Linux 5.2, glibc 2.36.</summary>
    [LibraryImport(Library, EntryPoint = "open_tree", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenTree(int directory, string path, uint flags);

    /// <summary>Linux 5.2, glibc 2.36.</summary>
    [LibraryImport(Library, EntryPoint = "move_mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MoveMount(FileDescriptor from, string fromPath, int toDirectory, string toPath, uint flags);
}
