using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

public sealed class StatusTests
{
    private const string Route = "GET /v1/healthz";

    [Theory]
    [InlineData("Ok")]
    [InlineData("Warning")]
    public async Task An_agent_that_takes_pods_is_ready(string state)
    {
        using FakeAgent agent = new FakeAgent().On(Route, $$$"""{"cilium":{"state":"{{{state}}}"},"kvstore":{"state":"Ok"}}""");

        (await new CniCall().RunAsync("STATUS", CniCall.Config(agent.SocketPath))).AssertSilentSuccess();
    }

    [Fact]
    public async Task An_agent_without_its_store_is_not_ready_and_says_why()
    {
        using FakeAgent agent = new FakeAgent().On(
            Route, """{"cilium":{"state":"Ok"},"kvstore":{"state":"Failure","msg":"store.db: locked"}}""");

        CniAnswer answer = await new CniCall().RunAsync("STATUS", CniCall.Config(agent.SocketPath));

        Assert.Equal(50, answer.ErrorCode);
        Assert.Contains("store.db: locked", answer.Message, StringComparison.Ordinal);
    }
}
