namespace Weft.Agent.Startup;

/// <summary>Tells a directory that programs and maps can be pinned in.</summary>
internal static class BpfFileSystem
{
    /// <summary>Whether the path, which need not exist yet, lies in a bpf file system.</summary>
    public static bool Holds(string path)
    {
        // The last mount over a directory is the one that is seen; proc(5) names the type after the separator.
        string? type = null;
        int longest = -1;
        foreach (string line in File.ReadLines("/proc/self/mountinfo"))
        {
            string[] fields = line.Split(' ');
            string point = fields[4];
            bool holds = path == point || point == "/" || path.StartsWith(point + "/", StringComparison.Ordinal);
            int separator = Array.IndexOf(fields, "-");
            if (holds && point.Length >= longest && separator > 0 && separator + 1 < fields.Length)
            {
                longest = point.Length;
                type = fields[separator + 1];
            }
        }

        return type == "bpf";
    }
}
