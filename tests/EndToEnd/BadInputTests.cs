using EndToEnd.Harness;
using Weft.Tests.Shared;

namespace EndToEnd;

/// <summary>What cannot work is refused with a message, before anything is made.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly RealLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [KernelFact]
    public void A_malformed_topology_is_refused_with_every_error()
    {
        ToolResult result = _lab.UpUnchecked("underlay: 192.168.2.0\nnodes:\n  - name: bpf1\n    adress: 192.168.2.61\n");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("4 errors", result.Error, StringComparison.Ordinal);
        Assert.Contains(":4: node 1 has an unknown field 'adress'", result.Error, StringComparison.Ordinal);
        Assert.Empty(_lab.Traces());
    }

    [KernelTheory]
    [InlineData("lab", "up")]
    [InlineData("lab", "down")]
    public void Only_root_can(params string[] command)
    {
        string copy = CopyForEverybody();
        try
        {
            ToolResult result = WeftProgram.RunProgram(
                "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", Path.Combine(copy, "weft"), "--lab", _lab.Name, .. command]);

            Assert.Equal(1, result.ExitCode);
            Assert.Contains("run as root", result.Error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [KernelFact]
    public void A_lab_that_is_not_there_is_told()
    {
        ToolResult result = _lab.WeftUnchecked("lab", "exec", "bpf1", "--", "true");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"'weft lab up --lab {_lab.Name}' makes it", result.Error, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_program_that_is_not_there_is_told()
    {
        _lab.Up(Topologies.WithoutWest);

        ToolResult result = _lab.ExecUnchecked(Pods.East, "weft-is-not-here");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no such program", result.Error, StringComparison.Ordinal);
    }

    /// <summary>The checkout may be below a directory that only root may enter.</summary>
    private static string CopyForEverybody()
    {
        DirectoryInfo copy = Directory.CreateTempSubdirectory("weft-e2e-");
        foreach (string name in new[] { "weft", "weft-agent" })
        {
            File.Copy(Path.Combine(WeftProgram.OutDirectory, name), Path.Combine(copy.FullName, name));
        }

        Tool.Run("chmod", "-R", "a+rX", copy.FullName);
        return copy.FullName;
    }
}
