using Weft.Bpf.Interop;
using Weft.Linux;

namespace Weft.Bpf;

/// <summary>Names in a bpf file system, which keep maps, programs and links alive without a process.</summary>
internal static class BpfPin
{
    public static void Pin(FileDescriptor fd, string path, string what) =>
        Check(LibBpf.ObjPin(fd, path), $"pin {what} at {path}", path);

    /// <summary>Puts <paramref name="fd"/> at <paramref name="path"/> in one step, also when the name is taken.</summary>
    /// <remarks>bpffs renames atomically (fs/bpf: simple_rename), so whoever opens the path sees the old object or the new one.</remarks>
    public static void PinReplacing(FileDescriptor fd, string path, string what)
    {
        // bpffs refuses dots in names (kernel/bpf/inode.c, bpf_lookup), so the temporary name uses a tilde.
        string temporary = $"{path}~{Environment.ProcessId}";
        _ = LibC.Unlink(temporary);
        Pin(fd, temporary, what);
        if (LibC.Rename(temporary, path) != 0)
        {
            LinuxException failure = LinuxException.FromLastError($"rename {temporary} to {path}");
            _ = LibC.Unlink(temporary);
            throw failure;
        }
    }

    /// <summary>Null when nothing is pinned there.</summary>
    public static FileDescriptor? TryOpen(string path, string what)
    {
        int fd = LibBpf.ObjGet(path);
        return fd == -(int)Errno.ENOENT ? null : FileDescriptor.Own(Check(fd, $"open pinned {what} {path}", path));
    }

    public static FileDescriptor Open(string path, string what) =>
        FileDescriptor.Own(Check(LibBpf.ObjGet(path), $"open pinned {what} {path}", path));

    /// <summary>False when nothing was pinned there.</summary>
    public static bool Remove(string path)
    {
        if (LibC.Unlink(path) == 0)
        {
            return true;
        }

        LinuxException failure = LinuxException.FromLastError($"unpin {path}");
        return failure.Errno == Errno.ENOENT ? false : throw failure;
    }

    private static int Check(int result, string attempt, string path)
    {
        if (result >= 0)
        {
            return result;
        }

        string? advice = -result switch
        {
            (int)Errno.ENOENT when !Directory.Exists(Path.GetDirectoryName(path)) => "its directory does not exist",
            (int)Errno.EPERM when Path.GetFileName(path).Contains('.') => "names on a bpf file system cannot have dots",
            (int)Errno.EPERM => "the directory must be on a bpf file system (mount -t bpf bpf /sys/fs/bpf), and the process root or have CAP_BPF",
            (int)Errno.EACCES => "it is no object of a bpf file system, or not ours to open",
            _ => null,
        };
        throw BpfException.FromResult(result, attempt, advice);
    }
}
