using Weft.Agent.Tests.Harness;
using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

public sealed class ManyAddsTests
{
    private const int Pods = 50;

    [KernelFact]
    public async Task Fifty_pods_come_at_once_have_an_address_each_and_go_at_once()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        string before = await NodeRemains.ReadAsync(node);
        TestNamespace[] pods = [.. Enumerable.Range(0, Pods).Select(_ => node.NewPod())];

        CniAnswer[] added = await Task.WhenAll(pods.Select(pod => CniProgram.CallAsync(node, pod, "ADD")));

        Assert.All(added, answer => Assert.True(answer.ExitCode == 0, answer.Output));
        Assert.Equal(Pods, added.Select(answer => answer.Json.GetProperty("ips")[0].GetProperty("address").GetString()).Distinct().Count());
        CniAnswer[] checks = await Task.WhenAll(pods.Zip(added).Select(
            pair => CniProgram.CallAsync(node, pair.First, "CHECK", CniProgram.PreviousResult(pair.Second))));
        Assert.All(checks, check => check.AssertSilentSuccess());
        CniAnswer[] gone = await Task.WhenAll(pods.Select(pod => CniProgram.CallAsync(node, pod, "DEL")));
        Assert.All(gone, answer => answer.AssertSilentSuccess());
        await NodeRemains.AreAsync(node, before, $"{Pods} pods");
    }
}
