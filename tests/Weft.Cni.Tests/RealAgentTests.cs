using Weft.Agent.Tests.Harness;
using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

/// <summary>The program itself, called as a runtime calls it, with the real agent, kernel and pods.</summary>
public sealed class RealAgentTests
{
    [KernelFact]
    public async Task A_pod_comes_is_checked_and_goes()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        string[] devices = node.Devices();

        CniAnswer added = await CniProgram.CallAsync(node, pod, "ADD");

        Assert.True(added.ExitCode == 0, added.Output + added.Error);
        string address = added.Json.GetProperty("ips")[0].GetProperty("address").GetString()!;
        Assert.Contains($"inet {address}", pod.Exec("ip", "addr", "show", "eth0"), StringComparison.Ordinal);
        Assert.Equal("10.77.1.1", added.Json.GetProperty("routes")[0].GetProperty("gw").GetString());
        Assert.Contains(added.Json.GetProperty("interfaces")[0].GetProperty("name").GetString(), node.Devices());
        (await CniProgram.CallAsync(node, pod, "CHECK", CniProgram.PreviousResult(added))).AssertSilentSuccess();
        (await CniProgram.CallAsync(node, pod, "STATUS")).AssertSilentSuccess();

        (await CniProgram.CallAsync(node, pod, "DEL")).AssertSilentSuccess();
        (await CniProgram.CallAsync(node, pod, "DEL")).AssertSilentSuccess();

        Assert.Equal(devices, node.Devices());
        Assert.Equal(3, (await CniProgram.CallAsync(node, pod, "CHECK", CniProgram.PreviousResult(added))).ErrorCode);
    }

    [KernelFact]
    public async Task A_namespace_that_is_not_there_is_code_4_and_nothing_is_left()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        CniAnswer answer = await CniProgram.CallAsync(node, "/run/netns/weft-there-is-none", "ADD");

        Assert.Equal(4, answer.ErrorCode);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(node.StateDirectory, "endpoints")));
    }

    [KernelFact]
    public async Task Check_finds_what_was_taken_from_the_pod()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        string previous = CniProgram.PreviousResult(await CniProgram.CallAsync(node, pod, "ADD"));

        pod.Exec("ip", "route", "del", "10.77.1.1");
        CniAnswer withoutGateway = await CniProgram.CallAsync(node, pod, "CHECK", previous);
        pod.Exec("ip", "route", "del", "default");
        CniAnswer withoutRoute = await CniProgram.CallAsync(node, pod, "CHECK", previous);
        pod.Exec("ip", "addr", "flush", "dev", "eth0");
        CniAnswer withoutAddress = await CniProgram.CallAsync(node, pod, "CHECK", previous);
        pod.Exec("ip", "link", "set", "eth0", "down");
        CniAnswer down = await CniProgram.CallAsync(node, pod, "CHECK", previous);
        pod.Exec("ip", "link", "set", "eth0", "name", "other");
        CniAnswer withoutDevice = await CniProgram.CallAsync(node, pod, "CHECK", previous);

        Assert.Contains("no route to 10.77.1.1", withoutGateway.Message, StringComparison.Ordinal);
        Assert.Equal(101, withoutRoute.ErrorCode);
        Assert.Contains("no default route", withoutRoute.Message, StringComparison.Ordinal);
        Assert.Contains("lost the address", withoutAddress.Message, StringComparison.Ordinal);
        Assert.Contains("eth0 is down", down.Message, StringComparison.Ordinal);
        Assert.Contains("no eth0", withoutDevice.Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task Garbage_collection_removes_what_the_runtime_forgot_and_survives_a_restart()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace kept = node.NewPod();
        TestNamespace forgotten = node.NewPod();
        TestNamespace other = node.NewPod();
        await CniProgram.CallAsync(node, kept, "ADD");
        await CniProgram.CallAsync(node, forgotten, "ADD");
        await node.CreateEndpointAsync(other);
        await node.Agent!.KillAsync();
        await node.StartAsync();

        CniAnswer collected = await CniProgram.CallAsync(
            node, kept, "GC", $$""","cni.dev/valid-attachments":[{"containerID":"{{kept.Name}}","ifname":"eth0"}]""");

        collected.AssertSilentSuccess();
        IEnumerable<string?> left =
            from endpoint in await node.Client.GetEndpointsAsync()
            let id = endpoint.Status!.ExternalIdentifiers!.ContainerId
            where id is not null
            orderby id
            select id;
        Assert.Equal(new[] { kept.Name, other.Name }.Order(), left);
    }
}
