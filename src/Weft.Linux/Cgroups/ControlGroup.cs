using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Weft.Linux.Interop;
using Weft.Linux.Mounts;
using Weft.Linux.Processes;

namespace Weft.Linux.Cgroups;

/// <summary>A directory of the cgroup v2 hierarchy: a set of processes whose sockets BPF programs can be attached to.</summary>
/// <remarks>A socket belongs for good to the cgroup that its maker was in, so a program has to be inside before it runs: see <see cref="Enter"/>.</remarks>
public sealed class ControlGroup
{
    private const string FileSystem = "cgroup2";
    private const string ProcessesFile = "cgroup.procs";
    private const string EventsFile = "cgroup.events";

    /// <summary>Since Linux 5.14.</summary>
    private const string KillFile = "cgroup.kill";

    /// <summary>A child can move itself only by a write between fork and exec, which neither posix_spawn(3) of glibc before 2.39 nor .NET can do.</summary>
    private const string Shell = "/bin/sh";

    /// <summary>0 stands for whoever writes it. What follows exec keeps the shell's pid.</summary>
    private const string EnterScript = "echo 0 >\"$1\" || exit 126; shift; exec \"$@\"";

    public ControlGroup(string path) => Path = path;

    public string Path { get; }

    public bool Exists => Directory.Exists(Path);

    /// <summary>Where the hierarchy is mounted so that groups can be made in it.</summary>
    /// <returns>Null if it is not, or only to be read, as in many containers.</returns>
    public static ControlGroup? FindRoot() => MountTable.WritableOfType(FileSystem)
        .Where(path => File.Exists(System.IO.Path.Combine(path, ProcessesFile)))
        .Select(path => new ControlGroup(path))
        .FirstOrDefault();

    public ControlGroup Child(string name) => new(System.IO.Path.Combine(Path, name));

    /// <summary>Makes it with those above it, or leaves it as it is.</summary>
    public void Create()
    {
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LinuxException($"make cgroup {Path}", Errno.EACCES, exception.Message);
        }
    }

    /// <summary>The same program, which will be in this group from its first instruction on.</summary>
    public ProgramStart Enter(ProgramStart start) =>
        new(Shell, ["-c", EnterScript, Shell, System.IO.Path.Combine(Path, ProcessesFile), start.Path, .. start.Arguments])
        {
            Environment = start.Environment,
        };

    /// <summary>Moves a process in; its sockets stay where they were made.</summary>
    public void Add(int pid)
    {
        string file = System.IO.Path.Combine(Path, ProcessesFile);
        try
        {
            File.WriteAllText(file, pid.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException exception)
        {
            // As always on Linux, the error number is in the exception's HResult.
            throw new LinuxException($"move process {pid} to cgroup {Path}", (Errno)exception.HResult);
        }
    }

    /// <summary>Processes in it and in those below. Those of another pid namespace are left out, as they have no number here.</summary>
    public IReadOnlyList<int> Processes() =>
        [.. Tree().SelectMany(group => ReadLines(System.IO.Path.Combine(group, ProcessesFile)))
            .Select(line => int.Parse(line, NumberStyles.None, CultureInfo.InvariantCulture)).Where(pid => pid != 0)];

    /// <summary>Takes it away with those below, once nothing runs in them; where the kernel can, what still does is killed.</summary>
    /// <returns>False if something still ran at the end of the time.</returns>
    public bool Remove(TimeSpan timeout)
    {
        long began = Stopwatch.GetTimestamp();
        if (!Exists)
        {
            return true;
        }

        string kill = System.IO.Path.Combine(Path, KillFile);
        if (File.Exists(kill))
        {
            File.WriteAllText(kill, "1");
        }

        foreach (string group in Tree())
        {
            if (!WaitUntilEmpty(group, timeout - Stopwatch.GetElapsedTime(began)))
            {
                return false;
            }

            RemoveDirectory(group);
        }

        return true;
    }

    /// <summary>Deepest first: the order in which they can be removed.</summary>
    private List<string> Tree()
    {
        if (!Exists)
        {
            return [];
        }

        List<string> groups = [Path, .. Directory.EnumerateDirectories(Path, "*", SearchOption.AllDirectories)];
        groups.Sort((one, other) => other.Length.CompareTo(one.Length));
        return groups;
    }

    private static bool WaitUntilEmpty(string group, TimeSpan timeout)
    {
        long began = Stopwatch.GetTimestamp();
        using SafeFileHandle file = File.OpenHandle(System.IO.Path.Combine(group, EventsFile));
        Span<byte> text = stackalloc byte[256];
        while (true)
        {
            // Read anew by the descriptor that is polled: the kernel reports changes since that descriptor's last read.
            int length = RandomAccess.Read(file, text, 0);
            if (!Encoding.ASCII.GetString(text[..length]).Contains("populated 1", StringComparison.Ordinal))
            {
                return true;
            }

            TimeSpan left = timeout - Stopwatch.GetElapsedTime(began);
            LibC.PollEntry entry = new() { Fd = (int)file.DangerousGetHandle(), Events = LibC.POLLPRI };
            if (left <= TimeSpan.Zero || LibC.Poll(ref entry, 1, (int)left.TotalMilliseconds) == 0)
            {
                return false;
            }
        }
    }

    private static void RemoveDirectory(string group)
    {
        try
        {
            Directory.Delete(group); // not recursive: the kernel's files in it go with it
        }
        catch (DirectoryNotFoundException)
        {
            // somebody else removed it
        }
        catch (IOException exception)
        {
            throw new LinuxException($"remove cgroup {group}", (Errno)exception.HResult);
        }
    }

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return []; // removed meanwhile
        }
    }
}
