using System.Text;
using Weft.Linux.Interop;

namespace Weft.Linux.Mounts;

/// <summary>Mounts and unmounts in the mount namespace of the calling thread.</summary>
public static class MountTable
{
    private const int RootField = 3;
    private const int TargetField = 4;
    private const int OptionsField = 5;

    /// <summary>Shows the file or directory at another place, which must exist.</summary>
    public static void Bind(string source, string target)
    {
        if (LibC.Mount(source, target, "none", LibC.MS_BIND, null) != 0)
        {
            throw LinuxException.FromLastError($"bind {source} to {target}", Advice());
        }
    }

    /// <summary>Mounts a new BPF file system, with nothing pinned in it.</summary>
    public static void MountBpf(string target)
    {
        if (LibC.Mount("bpf", target, "bpf", LibC.MS_NOSUID | LibC.MS_NODEV | LibC.MS_NOEXEC, "mode=0700") != 0)
        {
            throw LinuxException.FromLastError(
                $"mount a BPF file system at {target}", LinuxException.LastError == Errno.ENODEV ? "this kernel has no BPF" : Advice());
        }
    }

    /// <summary>Mounts a new file system in memory. What is mounted in it later is seen wherever else it is shown, both ways.</summary>
    public static void MountSharedMemory(string target)
    {
        if (LibC.Mount("weft", target, "tmpfs", 0, "mode=0755") != 0 || LibC.Mount("none", target, "none", LibC.MS_SHARED, null) != 0)
        {
            throw LinuxException.FromLastError($"mount a shared file system at {target}", Advice());
        }
    }

    /// <summary>Shows a directory at another place, where it can be changed without changing it.</summary>
    /// <param name="changes">Empty directory for what becomes different.</param>
    /// <param name="work">Another one beside it, for the kernel.</param>
    public static void MountOverlay(string lower, string changes, string work, string target)
    {
        if (LibC.Mount("weft", target, "overlay", 0, $"lowerdir={lower},upperdir={changes},workdir={work}") != 0)
        {
            throw LinuxException.FromLastError(
                $"mount an overlay of {lower} at {target}", LinuxException.LastError == Errno.ENODEV ? "this kernel has no overlayfs" : Advice());
        }
    }

    /// <summary>Takes the topmost mount at a path away, even while it is in use.</summary>
    /// <returns>False if nothing was mounted there.</returns>
    public static bool Unmount(string target)
    {
        if (LibC.Umount2(target, LibC.MNT_DETACH | LibC.UMOUNT_NOFOLLOW) == 0)
        {
            return true;
        }

        return LinuxException.LastError is Errno.EINVAL or Errno.ENOENT
            ? false
            : throw LinuxException.FromLastError($"unmount {target}", Advice());
    }

    /// <summary>Mount points at or below a directory, the one mounted last first: the order in which they come off.</summary>
    public static IReadOnlyList<string> Below(string directory)
    {
        string prefix = directory.TrimEnd('/') + "/";
        List<string> targets = [.. File.ReadLines("/proc/thread-self/mountinfo")
            .Select(line => Unescape(line.Split(' ')[TargetField]))
            .Where(target => target == directory || target.StartsWith(prefix, StringComparison.Ordinal))];
        targets.Reverse();
        return targets;
    }

    /// <summary>Mount points of one type of file system that can be written to, in the order in which they were mounted.</summary>
    public static IReadOnlyList<string> WritableOfType(string fileSystem)
    {
        List<string> targets = [];
        foreach (string line in File.ReadLines("/proc/thread-self/mountinfo"))
        {
            // Optional fields stand in the middle, up to a dash; then come type, source and the file system's own options.
            string[] fields = line.Split(' ');
            int dash = Array.IndexOf(fields, "-", OptionsField + 1);
            bool fits = dash > 0 && dash + 3 < fields.Length && fields[dash + 1] == fileSystem
                && IsWritable(fields[OptionsField]) && IsWritable(fields[dash + 3]);
            if (fits)
            {
                targets.Add(Unescape(fields[TargetField]));
            }
        }

        return targets;
    }

    /// <summary>Where a file system of this type, such as <c>cgroup2</c>, is mounted whole; null if nowhere.</summary>
    public static string? FindWhole(string type)
    {
        foreach (string line in File.ReadLines("/proc/thread-self/mountinfo"))
        {
            // The number of fields before the separator varies (proc_pid_mountinfo(5)).
            string[] fields = line.Split(' ');
            int separator = Array.IndexOf(fields, "-");
            if (separator > TargetField && separator + 1 < fields.Length && fields[separator + 1] == type && fields[RootField] == "/")
            {
                return Unescape(fields[TargetField]);
            }
        }

        return null;
    }

    public static bool IsMountPoint(string path) => Below(path).Contains(path);

    private static bool IsWritable(string options) => options.Split(',').Contains("rw");

    private static string? Advice() => LinuxException.LastError == Errno.EPERM ? "run as root" : null;

    /// <summary>Blanks, tabs, line ends and backslashes stand as backslash and three octal digits (proc_pid_mountinfo(5)).</summary>
    private static string Unescape(string field)
    {
        if (!field.Contains('\\'))
        {
            return field;
        }

        StringBuilder text = new(field.Length);
        for (int at = 0; at < field.Length; at++)
        {
            bool escaped = field[at] == '\\' && at + 3 < field.Length && field.AsSpan(at + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0;
            text.Append(escaped ? (char)Convert.ToInt32(field.Substring(at + 1, 3), 8) : field[at]);
            at += escaped ? 3 : 0;
        }

        return text.ToString();
    }
}
