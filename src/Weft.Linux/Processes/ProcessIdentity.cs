using System.Globalization;

namespace Weft.Linux.Processes;

/// <summary>A process for good: the kernel gives a pid to somebody else later, but not the same start time with it.</summary>
/// <param name="StartTime">Clock ticks since boot, from <c>/proc/PID/stat</c>.</param>
public readonly record struct ProcessIdentity(int Pid, ulong StartTime)
{
    private const int StartTimeField = 22;
    private const int FirstFieldAfterName = 3;

    /// <returns>Null if no such process exists, or it ended and only its parent has not noticed yet.</returns>
    public static ProcessIdentity? Of(int pid)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            // The name is in brackets and may hold anything, brackets and blanks included.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            bool dead = fields[0] is "Z" or "X";
            return dead ? null : new ProcessIdentity(pid, ulong.Parse(fields[StartTimeField - FirstFieldAfterName], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return null;
        }
    }

    public bool IsAlive => Of(Pid) == this;
}
