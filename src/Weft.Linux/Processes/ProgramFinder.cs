using Weft.Linux.Interop;

namespace Weft.Linux.Processes;

/// <summary>Finds programs as a shell does.</summary>
public static class ProgramFinder
{
    /// <param name="name">With a slash it is a path; otherwise it is looked for in <paramref name="searchPath"/>.</param>
    /// <param name="searchPath">Directories separated by colons; null: PATH.</param>
    /// <returns>Null if there is no such executable file.</returns>
    public static string? Find(string name, string? searchPath = null)
    {
        if (name.Contains('/'))
        {
            return IsExecutable(name) ? name : null;
        }

        searchPath ??= Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        return searchPath.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string path) => File.Exists(path) && LibC.Access(path, LibC.X_OK) == 0;
}
