using System.Diagnostics;
using Weft.Agent.Tests.Harness;
using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

public sealed class RepeatedAddTests
{
    [KernelFact]
    public async Task A_repeated_add_is_answered_as_the_first_was()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        CniAnswer first = await CniProgram.CallAsync(node, pod, "ADD");

        CniAnswer second = await CniProgram.CallAsync(node, pod, "ADD");
        await node.Agent!.KillAsync();
        await node.StartAsync();
        CniAnswer third = await CniProgram.CallAsync(node, pod, "ADD");

        Assert.Equal(0, first.ExitCode);
        Assert.Equal(first, second);
        Assert.Equal(first, third);
        (await CniProgram.CallAsync(node, pod, "CHECK", CniProgram.PreviousResult(first))).AssertSilentSuccess();
    }

    [KernelFact]
    public async Task The_same_add_many_times_at_once_makes_one_pod()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        int devices = node.Devices().Length;
        TestNamespace pod = node.NewPod();

        CniAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => CniProgram.CallAsync(node, pod, "ADD")));

        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        Assert.Equal(0, answers[0].ExitCode);
        Assert.Equal(devices + 1, node.Devices().Length);
    }

    [KernelFact]
    public async Task An_add_that_asks_for_something_else_is_refused_and_harms_nothing()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        CniAnswer added = await CniProgram.CallAsync(node, pod, "ADD");

        CniAnswer other = await CniProgram.CallAsync(node, pod, "ADD", ""","runtimeConfig":{"ips":["10.77.1.99"]}""");

        Assert.Equal(100, other.ErrorCode);
        Assert.Contains("not 10.77.1.99", other.Message, StringComparison.Ordinal);
        (await CniProgram.CallAsync(node, pod, "CHECK", CniProgram.PreviousResult(added))).AssertSilentSuccess();
    }

    [KernelFact]
    public async Task An_add_by_another_network_is_refused()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        await CniProgram.CallAsync(node, pod, "ADD");

        using Process process = CniProgram.Start(new ProcessStartInfo(CniProgram.Path), pod.Path, "ADD");
        CniAnswer other = await CniProgram.FinishAsync(process, CniCall.Config(node.Socket, network: "others"));

        Assert.Equal(100, other.ErrorCode);
        Assert.Contains("its network is pods, not others", other.Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task A_pod_that_lost_something_is_not_said_to_be_in_order()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        await CniProgram.CallAsync(node, pod, "ADD");

        pod.Exec("ip", "addr", "flush", "dev", "eth0");

        Assert.Contains("lost the address", (await CniProgram.CallAsync(node, pod, "ADD")).Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task A_pod_of_the_same_name_in_a_new_namespace_is_a_new_pod()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        string name = $"{node.NewPod().Name}-own";
        string path = $"/run/netns/{name}";
        Tool.Run("ip", "netns", "add", name);
        try
        {
            CniAnswer first = await CniProgram.CallAsync(node, path, "ADD");
            string device = first.Json.GetProperty("interfaces")[0].GetProperty("name").GetString()!;
            Tool.Run("ip", "netns", "del", name);
            Tool.Run("ip", "netns", "add", name);
            Eventually.Passes(() => Assert.DoesNotContain(device, node.Devices()));

            CniAnswer second = await CniProgram.CallAsync(node, path, "ADD");

            Assert.True(second.ExitCode == 0, second.Output);
            (await CniProgram.CallAsync(node, path, "CHECK", CniProgram.PreviousResult(second))).AssertSilentSuccess();
        }
        finally
        {
            Tool.RunUnchecked("ip", "netns", "del", name);
        }
    }

    /// <summary>Both namespaces are alive: which one the runtime means, nobody can know.</summary>
    [KernelFact]
    public async Task An_add_for_another_namespace_under_the_same_name_is_refused()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        CniAnswer added = await CniProgram.CallAsync(node, pod, "ADD");
        Tool.Run("umount", "-l", pod.Path);
        Tool.Run("mount", "--bind", node.NewPod().Path, pod.Path);

        CniAnswer other = await CniProgram.CallAsync(node, pod, "ADD");

        Assert.Equal(100, other.ErrorCode);
        Assert.Contains("is not its other end", other.Message, StringComparison.Ordinal);
        Assert.Contains(added.Json.GetProperty("interfaces")[0].GetProperty("name").GetString(), node.Devices());
    }

    [KernelFact]
    public async Task Addresses_that_the_runtime_asks_for_are_given_or_refused()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        const string wish = ""","runtimeConfig":{"ips":["10.77.1.42/24"],"mac":"02:42:00:00:00:2a"}""";

        CniAnswer given = await CniProgram.CallAsync(node, pod, "ADD", wish);
        CniAnswer taken = await CniProgram.CallAsync(node, node.NewPod(), "ADD", ""","args":{"cni":{"ips":["10.77.1.42"]}}""");
        CniAnswer foreign = await CniProgram.CallAsync(node, node.NewPod(), "ADD", ""","args":{"cni":{"ips":["10.78.1.42"]}}""");
        CniAnswer gateway = await CniProgram.CallAsync(node, node.NewPod(), "ADD", ""","args":{"cni":{"ips":["10.77.1.1"]}}""");
        CniAnswer family = await CniProgram.CallAsync(node, node.NewPod(), "ADD", ""","args":{"cni":{"ips":["fd00::7"]}}""");

        Assert.Equal("10.77.1.42/32", given.Json.GetProperty("ips")[0].GetProperty("address").GetString());
        Assert.Equal("02:42:00:00:00:2a", given.Json.GetProperty("interfaces")[1].GetProperty("mac").GetString());
        Assert.Contains("02:42:00:00:00:2a", pod.Exec("ip", "link", "show", "eth0"), StringComparison.Ordinal);
        Assert.All([taken, foreign, gateway, family], answer => Assert.Equal(7, answer.ErrorCode));
        Assert.Contains("has it", taken.Message, StringComparison.Ordinal);
        Assert.Contains("not in the node's pod CIDR", foreign.Message, StringComparison.Ordinal);
        Assert.Contains("no IPv6", family.Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task The_pod_is_known_by_its_name_and_UID()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        await CniProgram.CallAsync(node, pod, "ADD");
        await node.Agent!.KillAsync();
        await node.StartAsync();

        var names = (await node.Client.GetEndpointAsync($"cni-attachment-id:{pod.Name}:eth0")).Status!.ExternalIdentifiers!;

        Assert.Equal(("default", "web-k9x2p", "7d1c"), (names.K8sNamespace, names.K8sPodName, names.K8sUid));
    }
}
