using System.Globalization;
using Weft.Linux;
using Weft.Linux.Processes;

namespace Weft.Lab.Nodes;

/// <summary>Finds and ends the processes inside network namespaces, as 'ip netns pids' does.</summary>
public static class NamespaceProcesses
{
    private static readonly TimeSpan s_deathLimit = TimeSpan.FromSeconds(10);

    /// <summary>Kills every process in the namespaces and those named, and waits until they are gone. Names without a namespace are skipped.</summary>
    /// <param name="others">Processes that are to end too, wherever they are.</param>
    public static void End(IEnumerable<string> namespaces, IEnumerable<ProcessIdentity> others)
    {
        HashSet<ProcessIdentity> victims = [.. others, .. Inside(namespaces)];
        victims.RemoveWhere(victim => victim.Pid == Environment.ProcessId);
        List<ProcessHandle> handles = [.. victims.Select(ProcessHandle.TryOpen).OfType<ProcessHandle>()];
        foreach (ProcessHandle handle in handles)
        {
            handle.Signal(ProcessSignal.SIGKILL);
        }

        foreach (ProcessHandle handle in handles)
        {
            if (!handle.WaitForExit(s_deathLimit))
            {
                throw new LabException($"end process {handle.Identity.Pid}: it still runs {s_deathLimit.TotalSeconds} s after SIGKILL (it hangs in the kernel)");
            }

            // A child of this process stays a zombie, and with it its namespaces' names in /proc, until somebody asks.
            handle.TakeExitCode();
            handle.Dispose();
        }
    }

    private static List<ProcessIdentity> Inside(IEnumerable<string> namespaces)
    {
        HashSet<string> links = [];
        foreach (string name in namespaces.Where(NetworkNamespace.Exists))
        {
            using NetworkNamespace open = NetworkNamespace.Open(name);
            links.Add(string.Create(CultureInfo.InvariantCulture, $"net:[{open.Inode}]"));
        }

        return links.Count == 0 ? [] : [.. AllPids().Where(pid => links.Contains(LinkOf(pid))).Select(ProcessIdentity.Of).OfType<ProcessIdentity>()];
    }

    private static IEnumerable<int> AllPids()
    {
        foreach (string path in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            {
                yield return pid;
            }
        }
    }

    private static string LinkOf(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/ns/net").LinkTarget ?? "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ""; // ended meanwhile
        }
    }
}
