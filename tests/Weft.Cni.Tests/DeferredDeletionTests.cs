using Weft.Agent.Tests.Harness;
using Weft.Api.Cni;
using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

/// <summary>DEL while the agent is down.</summary>
public sealed class DeferredDeletionTests
{
    [KernelFact]
    public async Task A_pod_deleted_while_the_agent_was_down_is_gone_when_the_agent_is_back()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        string[] devices = node.Devices();
        TestNamespace gone = node.NewPod();
        TestNamespace kept = node.NewPod();
        await CniProgram.CallAsync(node, gone, "ADD");
        await CniProgram.CallAsync(node, kept, "ADD");
        await node.Agent!.KillAsync();

        (await CniProgram.CallAsync(node, gone, "DEL")).AssertSilentSuccess();
        (await CniProgram.CallAsync(node, gone, "DEL")).AssertSilentSuccess();

        Assert.Equal([$"{gone.Name}:eth0"], Notes(node));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(DirectoryOf(node)));
        await node.StartAsync();
        Assert.Empty(Notes(node));
        Assert.Equal(kept.Name, Assert.Single(await PodsAsync(node)));
        Assert.Equal(devices.Length + 1, node.Devices().Length);
    }

    [KernelFact]
    public async Task An_add_after_a_deletion_that_nobody_did_yet_makes_a_new_pod()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        await CniProgram.CallAsync(node, pod, "ADD");
        await node.Agent!.KillAsync();
        await CniProgram.CallAsync(node, pod, "DEL");
        await node.StartAsync();

        CniAnswer second = await CniProgram.CallAsync(node, pod, "ADD");

        Assert.Equal(0, second.ExitCode);
        Assert.Equal(pod.Name, Assert.Single(await PodsAsync(node)));
        (await CniProgram.CallAsync(node, pod, "CHECK", CniProgram.PreviousResult(second))).AssertSilentSuccess();
    }

    /// <summary>The plugin found no agent, and its note came when the agent had looked already.</summary>
    [KernelFact]
    public async Task A_note_that_comes_while_the_agent_runs_is_done()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        await CniProgram.CallAsync(node, pod, "ADD");

        File.WriteAllText(Path.Combine(DirectoryOf(node), $"{pod.Name}:eth0"), "");

        await Eventually.BecomesAsync(
            "notes and pods", async () => Notes(node).Length + (await PodsAsync(node)).Length, left => left == 0);
    }

    [KernelFact]
    public async Task A_note_that_is_there_when_a_pod_of_its_name_comes_does_not_hit_that_pod()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        await CniProgram.CallAsync(node, pod, "ADD");
        for (int i = 0; i < 20; i++)
        {
            File.WriteAllText(Path.Combine(DirectoryOf(node), $"{pod.Name}:eth0"), "");
            CniAnswer added = await CniProgram.CallAsync(node, pod, "ADD");
            Assert.Equal(0, added.ExitCode);
            Assert.Empty(Notes(node));
            (await CniProgram.CallAsync(node, pod, "CHECK", CniProgram.PreviousResult(added))).AssertSilentSuccess();
        }
    }

    [KernelFact]
    public async Task What_is_no_note_harms_nothing()
    {
        using TestNode node = TestNode.Create();
        Directory.CreateDirectory(DirectoryOf(node), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string victim = Path.Combine(node.Directory, "victim");
        File.WriteAllText(victim, "");
        File.CreateSymbolicLink(Path.Combine(DirectoryOf(node), "box:eth0"), victim);
        Directory.CreateDirectory(Path.Combine(DirectoryOf(node), "box1:eth0"));
        File.WriteAllText(Path.Combine(DirectoryOf(node), "no colon"), "");
        File.WriteAllText(Path.Combine(DirectoryOf(node), "nobody:\n\u001b[31m"), new string('x', 100_000));

        await node.StartAsync();

        Assert.True(File.Exists(victim));
        Assert.Equal(["box1:eth0", "box:eth0", "no colon"], Notes(node).Order(StringComparer.Ordinal));
    }

    [KernelFact]
    public async Task A_directory_that_others_may_write_to_is_not_used()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        await CniProgram.CallAsync(node, pod, "ADD");
        await node.Agent!.KillAsync();
        File.SetUnixFileMode(DirectoryOf(node), File.GetUnixFileMode(DirectoryOf(node)) | UnixFileMode.OtherWrite);

        CniAnswer refused = await CniProgram.CallAsync(node, pod, "DEL");

        Assert.Equal(11, refused.ErrorCode);
        Assert.Contains("others may write to it", refused.Error, StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task Notes_are_bounded()
    {
        using TestNode node = TestNode.Create();
        Directory.CreateDirectory(DirectoryOf(node), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        for (int i = 1; i < DeferredDeletions.Max; i++)
        {
            File.WriteAllText(Path.Combine(DirectoryOf(node), $"box{i}:eth0"), "");
        }

        (await CniProgram.CallAsync(node, "/run/netns/last", "DEL")).AssertSilentSuccess();
        (await CniProgram.CallAsync(node, "/run/netns/last", "DEL")).AssertSilentSuccess();

        Assert.Equal(11, (await CniProgram.CallAsync(node, "/run/netns/one-more", "DEL")).ErrorCode);
    }

    [KernelFact]
    public async Task A_node_without_any_directory_remembers_too()
    {
        using TestNode node = TestNode.Create();

        (await CniProgram.CallAsync(node, "/run/netns/never-there", "DEL")).AssertSilentSuccess();

        Assert.Equal(["never-there:eth0"], Notes(node));
    }

    private static string DirectoryOf(TestNode node) => DeferredDeletions.DirectoryOf(node.Socket);

    private static string[] Notes(TestNode node) =>
        [.. Directory.EnumerateFileSystemEntries(DirectoryOf(node)).Select(path => Path.GetFileName(path))];

    private static async Task<string?[]> PodsAsync(TestNode node) =>
    [
        .. (await node.Client.GetEndpointsAsync()).Select(endpoint => endpoint.Status!.ExternalIdentifiers!.ContainerId)
            .Where(id => id is not null),
    ];
}
