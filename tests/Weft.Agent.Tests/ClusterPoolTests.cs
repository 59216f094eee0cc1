using Weft.Agent.Tests.Harness;
using Weft.Api.Endpoints;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

/// <summary>Nodes that are not told their pod CIDR: an agent that leads gives it to all, itself included.</summary>
public sealed class ClusterPoolTests
{
    private static readonly string[] s_pool = ["--pod-cidr", TestNode.Unset, "--cluster-pool", "10.88.0.0/16"];

    [KernelFact]
    public async Task Nodes_get_parts_of_the_pool_and_keep_them_over_a_restart()
    {
        (TestNode first, TestNode second) = TestNode.CreatePair();
        using (first)
        using (second)
        {
            await Task.WhenAll(first.StartAsync(s_pool), second.StartAsync(s_pool));
            TestNamespace near = first.NewPod();
            string mine = TestNode.AddressOf(await first.CreateEndpointAsync(near));
            string far = TestNode.AddressOf(await second.CreateEndpointAsync(second.NewPod()));
            Assert.Equal(["10.88.0", "10.88.1"], new[] { mine, far }.Select(address => address[..address.LastIndexOf('.')]).Order());
            await Eventually.BecomesAsync(
                "the far pod answers", () => Task.FromResult(Ping.Answers(near, far, 1)), answers => answers == 1);

            await first.Agent!.KillAsync();
            await first.StartAsync(s_pool);

            EndpointResource again = await first.CreateEndpointAsync(first.NewPod());
            Assert.StartsWith(mine[..mine.LastIndexOf('.')], TestNode.AddressOf(again), StringComparison.Ordinal);
        }
    }

    [KernelFact]
    public async Task A_pool_that_cannot_be_is_told()
    {
        using TestNode node = TestNode.Create();
        (int exitCode, string log) = await node.StartAndFailAsync("--pod-cidr", TestNode.Unset, "--cluster-pool", "10.88.0.0/28");

        Assert.Equal(1, exitCode);
        Assert.Contains("--cluster-pool: a node's /24 does not fit into pool 10.88.0.0/28", log, StringComparison.Ordinal);
    }
}
