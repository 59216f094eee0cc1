using Weft.Tests.Shared;

namespace Weft.Bpf.Tests;

/// <summary>A directory of its own on the machine's bpf file system, gone after the test with all pins in it.</summary>
internal sealed class BpfDirectory : IDisposable
{
    private const string Root = "/sys/fs/bpf";
    private static int s_counter;

    public BpfDirectory()
    {
        if (!File.ReadLines("/proc/self/mounts").Any(static line => line.Contains($" {Root} bpf ", StringComparison.Ordinal)))
        {
            Tool.Run("mount", "-t", "bpf", "bpf", Root);
        }

        Path = $"{Root}/weft-bpf-cs-{Environment.ProcessId}-{Interlocked.Increment(ref s_counter)}";
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string this[string name] => $"{Path}/{name}";

    public string[] Names => [.. Directory.EnumerateFileSystemEntries(Path).Select(path => System.IO.Path.GetFileName(path)).Order()];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
