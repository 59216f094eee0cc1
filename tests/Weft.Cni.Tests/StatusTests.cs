using Weft.Agent.Tests.Harness;
using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

public sealed class StatusTests
{
    private const string Route = "GET /v1/cni/status";

    [Fact]
    public async Task An_agent_that_takes_pods_is_ready()
    {
        using FakeAgent agent = new FakeAgent().On(Route, """{"ready":true}""");

        (await new CniCall().RunAsync("STATUS", CniCall.Config(agent.SocketPath))).AssertSilentSuccess();
    }

    [Theory]
    [InlineData("false", 50)]
    [InlineData("true", 51)]
    public async Task An_agent_that_takes_none_says_why_and_whether_pods_suffer(string limited, int code)
    {
        using FakeAgent agent = new FakeAgent().On(Route, $$"""{"ready":false,"limited":{{limited}},"reason":"store.db: locked"}""");

        CniAnswer answer = await new CniCall().RunAsync("STATUS", CniCall.Config(agent.SocketPath));

        Assert.Equal(code, answer.ErrorCode);
        Assert.Contains("store.db: locked", answer.Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task A_node_is_ready_again_when_an_address_is_free()
    {
        using TestNode node = TestNode.Create("10.77.1.0/29");
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        (await CniProgram.CallAsync(node, pod, "STATUS")).AssertSilentSuccess();

        TestNamespace[] pods = [pod, node.NewPod(), node.NewPod(), node.NewPod(), node.NewPod()];
        foreach (TestNamespace each in pods)
        {
            Assert.Equal(0, (await CniProgram.CallAsync(node, each, "ADD")).ExitCode);
        }

        CniAnswer full = await CniProgram.CallAsync(node, pod, "STATUS");
        Assert.Equal(11, (await CniProgram.CallAsync(node, node.NewPod(), "ADD")).ErrorCode);
        (await CniProgram.CallAsync(node, pod, "DEL")).AssertSilentSuccess();

        Assert.Equal(50, full.ErrorCode);
        Assert.Contains("10.77.1.0/29", full.Message, StringComparison.Ordinal);
        (await CniProgram.CallAsync(node, pod, "STATUS")).AssertSilentSuccess();
    }

    [KernelFact]
    public async Task A_node_whose_overlay_is_gone_has_pods_that_suffer()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        node.Namespace.Exec("ip", "link", "del", "weft_vxlan");

        Assert.Equal(51, (await CniProgram.CallAsync(node, node.NewPod(), "STATUS")).ErrorCode);
    }
}
