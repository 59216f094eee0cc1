using Weft.Linux;

namespace Weft.Tests.Shared;

/// <summary>A named network namespace of its own for one test, gone after it, whatever the test did.</summary>
/// <remarks>
/// The name holds the test process's pid: <see cref="Leaks"/> tells what a run left behind, and the first namespace of a run
/// removes those of runs that were killed.
/// </remarks>
public sealed class TestNamespace : IDisposable
{
    internal const string Prefix = "weft-test-";
    private static readonly Lazy<bool> s_swept = new(SweepDeadRuns);
    private static int s_counter;

    private TestNamespace(string name)
    {
        Name = name;
        Handle = NetworkNamespace.Create(name);
    }

    /// <summary>As <c>ip netns exec NAME …</c> wants it.</summary>
    public string Name { get; }

    public NetworkNamespace Handle { get; }

    public string Path => $"{NetworkNamespace.Directory}/{Name}";

    /// <param name="role">What it plays in the test, at most a word: it is the readable part of the name.</param>
    public static TestNamespace Create(string role = "ns")
    {
        _ = s_swept.Value;
        return new TestNamespace($"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref s_counter)}-{role}");
    }

    public T Run<T>(Func<T> body) => Handle.Run(body);

    public void Run(Action body) => Handle.Run(body);

    /// <summary>
    /// Runs a program inside, through <c>ip netns exec</c>, and returns its standard output; fails unless it exits with 0.
    /// </summary>
    public string Exec(string program, params string[] arguments) =>
        Tool.Run("ip", ["netns", "exec", Name, program, .. arguments]);

    public void Dispose()
    {
        Handle.Dispose();
        NetworkNamespace.Delete(Name);
    }

    internal static IEnumerable<string> NamesOf(int pid) =>
        Names().Where(name => name.StartsWith($"{Prefix}{pid}-", StringComparison.Ordinal));

    private static IEnumerable<string> Names() => Directory.Exists(NetworkNamespace.Directory)
        ? Directory.EnumerateFiles(NetworkNamespace.Directory, $"{Prefix}*").Select(path => System.IO.Path.GetFileName(path))
        : [];

    private static bool SweepDeadRuns()
    {
        foreach (string name in Names().ToArray())
        {
            string pid = name[Prefix.Length..].Split('-')[0];
            if (!Directory.Exists($"/proc/{pid}"))
            {
                NetworkNamespace.Delete(name);
            }
        }

        return true;
    }
}
