using EndToEnd.Harness;
using Weft.Lab.State;
using Weft.Linux.Processes;

namespace Runtimes.Harness;

/// <summary>Daemons of container runtimes in a lab.</summary>
internal static class Daemons
{
    public static ProcessHandle Containerd(RealLab lab, string node) =>
        ProcessHandle.TryOpen(new LabDirectory(lab.Name).ReadState()!.Runtimes[node])
        ?? throw new InvalidOperationException($"containerd of {node} does not run");
}
