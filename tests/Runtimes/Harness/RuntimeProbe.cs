using System.Text.Json;
using System.Text.Json.Nodes;
using Weft.Linux;
using Weft.Linux.Cgroups;
using Weft.Linux.Mounts;
using Weft.Linux.Processes;
using Weft.Tests.Shared;

namespace Runtimes.Harness;

/// <summary>Whether this machine can run containers at all. Asked once, without anything of Weft: by runc alone, and an overlay.</summary>
/// <remarks>
/// A skip is a claim about the machine. Where the machine is known (CI), <c>WEFT_REQUIRE_RUNTIMES=1</c> turns the claim into a failure.
/// </remarks>
internal static class RuntimeProbe
{
    private const string RequireVariable = "WEFT_REQUIRE_RUNTIMES";

    private static readonly string[] s_programs = ["containerd", "ctr", "runc", "podman", "conmon", "busybox", "iptables", "unshare"];

    private static readonly Lazy<string?> s_missing = new(Probe);

    /// <returns>Why the tests cannot run here, or null.</returns>
    public static string? Missing => s_missing.Value;

    public static string? SkipReason() => Environment.GetEnvironmentVariable(RequireVariable) == "1" ? null : Missing;

    public static void ThrowIfMissing()
    {
        if (Missing is { } reason)
        {
            throw new InvalidOperationException($"{reason} ({RequireVariable}=1 forbids skipping)");
        }
    }

    private static string? Probe()
    {
        if (!ProcessPrivileges.IsRoot)
        {
            return "container runtimes need root";
        }

        string[] missing = [.. s_programs.Where(program => ProgramFinder.Find(program) is null)];
        if (missing.Length > 0)
        {
            return $"no program {string.Join(", ", missing)} (./run test installs Debian's packages)";
        }

        if (ControlGroup.FindRoot() is null)
        {
            return "no cgroup v2 hierarchy that groups can be made in";
        }

        string directory = Directory.CreateTempSubdirectory("weft-probe-").FullName;
        try
        {
            return RunContainer(directory) ?? MountOverlay(directory);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string? RunContainer(string directory)
    {
        string root = Directory.CreateDirectory(Path.Combine(directory, "rootfs", "bin")).FullName;
        File.Copy(ProgramFinder.Find("busybox")!, Path.Combine(root, "true"));
        Tool.Run("runc", "spec", "--bundle", directory);
        string file = Path.Combine(directory, "config.json");
        JsonNode specification = JsonNode.Parse(File.ReadAllText(file))!;
        specification["process"]!["terminal"] = false;
        specification["process"]!["args"] = new JsonArray("/bin/true");
        specification["process"]!.AsObject().Remove("rlimits");
        File.WriteAllText(file, specification.ToJsonString(new JsonSerializerOptions()));
        ToolResult run = Tool.RunUnchecked("runc", "run", "--bundle", directory, Path.GetFileName(directory));
        return run.ExitCode == 0 ? null : $"runc cannot run a container here: {run.Error.Trim()}{run.Output.Trim()}";
    }

    /// <summary>On a file system in memory, as a node of a lab has it.</summary>
    private static string? MountOverlay(string directory)
    {
        string memory = Directory.CreateDirectory(Path.Combine(directory, "memory")).FullName;
        try
        {
            MountTable.MountSharedMemory(memory);
            foreach (string name in new[] { "lower", "changes", "work", "overlay" })
            {
                Directory.CreateDirectory(Path.Combine(memory, name));
            }

            MountTable.MountOverlay($"{memory}/lower", $"{memory}/changes", $"{memory}/work", $"{memory}/overlay");
            MountTable.Unmount($"{memory}/overlay");
            return null;
        }
        catch (LinuxException error)
        {
            return error.Message;
        }
        finally
        {
            MountTable.Unmount(memory);
        }
    }
}
