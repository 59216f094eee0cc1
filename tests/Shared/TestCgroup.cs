using Weft.Linux.Mounts;
using Xunit.Sdk;

namespace Weft.Tests.Shared;

/// <summary>A cgroup of its own for one test, whose programs meet the sockets that a single thread of the test makes in it.</summary>
/// <remarks>
/// Below the test process's own cgroup and "threaded": only so may a thread be in another cgroup than its process. A socket keeps
/// the cgroup that it was made in, wherever it is used.
/// </remarks>
public sealed class TestCgroup : IDisposable
{
    private static int s_counter;

    private TestCgroup(string path) => Path = path;

    public string Path { get; }

    public static TestCgroup Create()
    {
        string mount = MountTable.FindWhole("cgroup2") ?? throw new XunitException("no cgroup2 file system is mounted");
        string own = File.ReadLines("/proc/self/cgroup").First(line => line.StartsWith("0::", StringComparison.Ordinal))[3..];
        TestCgroup cgroup = new($"{mount}{own.TrimEnd('/')}/weft-test-{Environment.ProcessId}-{Interlocked.Increment(ref s_counter)}");
        Directory.CreateDirectory(cgroup.Path);
        File.WriteAllText($"{cgroup.Path}/cgroup.type", "threaded");
        return cgroup;
    }

    /// <summary>Runs a function on a thread of its own in this cgroup and in a network namespace, and waits for it.</summary>
    public T Run<T>(TestNamespace network, Func<T> body) => network.Run(() =>
    {
        // "0" is the thread that writes it.
        File.WriteAllText($"{Path}/cgroup.threads", "0");
        return body();
    });

    /// <summary>The runtime may have started threads of its own from one in this cgroup, which they are in then too.</summary>
    private void MoveThreadsOut()
    {
        foreach (string thread in File.ReadAllLines($"{Path}/cgroup.threads"))
        {
            File.WriteAllText($"{System.IO.Path.GetDirectoryName(Path)}/cgroup.threads", thread);
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Eventually.Passes(() =>
            {
                MoveThreadsOut();
                Directory.Delete(Path);
            });
        }
    }
}
