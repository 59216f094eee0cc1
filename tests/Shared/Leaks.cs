using Xunit.Sdk;

namespace Weft.Tests.Shared;

/// <summary>Proves that a piece of code gives back the descriptors and namespaces that it took.</summary>
public static class Leaks
{
    /// <summary>
    /// Runs a body once to warm caches up, then some more times, and fails if descriptors of the process grew with the runs.
    /// </summary>
    /// <remarks>
    /// Other tests that run at the same time open descriptors too: put the caller into a collection with parallelisation off.
    /// </remarks>
    public static void NoDescriptors(Action body, int runs = 8)
    {
        body();
        Dictionary<int, string> before = OpenDescriptors();
        for (int run = 0; run < runs; run++)
        {
            body();
        }

        Dictionary<int, string> after = OpenDescriptors();
        string[] leaked = [.. after.Where(pair => !before.ContainsKey(pair.Key)).Select(pair => $"{pair.Key} -> {pair.Value}")];
        if (leaked.Length >= runs)
        {
            throw new XunitException($"{leaked.Length} descriptors leaked in {runs} runs:\n{string.Join('\n', leaked)}");
        }
    }

    /// <summary>Fails if a namespace that a <see cref="TestNamespace"/> of this process made is still bound.</summary>
    public static void NoTestNamespaces()
    {
        string[] left = [.. TestNamespace.NamesOf(Environment.ProcessId)];
        if (left.Length > 0)
        {
            throw new XunitException($"network namespaces left behind: {string.Join(' ', left)}");
        }
    }

    private static Dictionary<int, string> OpenDescriptors()
    {
        // Finalizers of earlier tests must not hide a leak nor look like one.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Dictionary<int, string> open = [];
        foreach (FileSystemInfo entry in new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos())
        {
            if (entry.LinkTarget is { } target)
            {
                open[int.Parse(entry.Name, System.Globalization.CultureInfo.InvariantCulture)] = target;
            }
        }

        return open;
    }
}
